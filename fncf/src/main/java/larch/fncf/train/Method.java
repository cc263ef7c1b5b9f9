package larch.fncf.train;

import java.util.List;
import java.util.stream.Collectors;
import larch.fncf.model.Layer;

/// A way to train a recommender: the paper's four, and the controls without which their differences say little.
///
/// @param name      the name in tables, such as `FNCF-Multi`
/// @param isStudent whether it has half the teacher's latent factor
/// @param isNoisy   whether noise layers stand in it during training
/// @param stages    its curriculum
/// @param note      one line about it
public record Method(String name, boolean isStudent, boolean isNoisy, List<Stage> stages, String note) {
    private static final float T = 10;

    /// The teacher, used at T = 1: the paper's FNCF.
    public static final Method FNCF = new Method("FNCF", false, false,
            List.of(new Stage.HardLabels(T, 20)), "the teacher, trained at T=10, used at T=1");
    /// The teacher's network trained at T = 1.
    public static final Method FNCF_T1 = new Method("FNCF-T1", false, false,
            List.of(new Stage.HardLabels(1, 20)), "control: the teacher's network trained at T=1");
    /// A network of the student's size trained on labels.
    public static final Method FNCF_STUDENT = new Method("FNCF-Student", true, false,
            List.of(new Stage.HardLabels(T, 30)), "control: a network of the students' size, trained on labels");
    /// Distillation alone.
    public static final Method DISTILL = new Method("FNCF-Distill", true, false,
            List.of(new Stage.Distillation(T, 30)), "distillation alone");
    /// One hint, then distillation.
    public static final Method SINGLE = new Method("FNCF-Single", true, true,
            List.of(new Stage.Hint(Layer.HIDDEN1, 10), new Stage.Distillation(T, 20)), "one hint, noise, distillation");
    /// Two hints, then distillation.
    public static final Method MULTI = new Method("FNCF-Multi", true, true,
            List.of(new Stage.Hint(Layer.HIDDEN1, 10), new Stage.Hint(Layer.HIDDEN2, 10), new Stage.Distillation(T, 10)),
            "two hints, noise, distillation");

    /// All methods, in the order of the paper's tables, controls last.
    public static final List<Method> ALL = List.of(FNCF, DISTILL, SINGLE, MULTI, FNCF_T1, FNCF_STUDENT);

    /// @param name a method's name, in any case, with or without `FNCF-`
    /// @return the method
    public static Method named(String name) {
        String wanted = name.strip();
        return ALL.stream()
                .filter(m -> m.name().equalsIgnoreCase(wanted) || m.name().equalsIgnoreCase("FNCF-" + wanted))
                .findFirst().orElseThrow(() -> new IllegalArgumentException("method: there is no '" + name + "'; choose from "
                        + ALL.stream().map(Method::name).collect(Collectors.joining(", "))));
    }

    /// @return whether any stage needs a trained teacher
    public boolean needsTeacher() {
        return stages.stream().anyMatch(Stage::needsTeacher);
    }

    /// @return epochs of all stages
    public int epochs() {
        return stages.stream().mapToInt(Stage::epochs).sum();
    }

    /// @param teacherFactors the teacher's latent factor
    /// @return this method's latent factor
    public int numFactors(int teacherFactors) {
        return isStudent ? Math.max(1, teacherFactors / 2) : teacherFactors;
    }

    /// The same curriculum with fewer or more passes; every stage keeps at least one.
    /// @param factor multiplies the epochs of each stage
    /// @return the method
    public Method scaled(double factor) {
        return withStages(stages.stream()
                .map(s -> s.withEpochs((int) Math.max(1, Math.round(s.epochs() * factor)))).toList());
    }

    /// @param curriculum other stages
    /// @return the method with those
    public Method withStages(List<Stage> curriculum) {
        return new Method(name, isStudent, isNoisy, curriculum, note);
    }
}
