package larch.backend.simd;

import java.util.List;
import java.util.function.IntFunction;
import larch.backend.simd.KernelWriter.Local;
import larch.expr.Prim;
import larch.expr.Program;

/// Writes evaluations of a [Program] into a kernel: one line and one local variable for each step but
/// the loads.
final class ExpressionWriter {
    private final KernelWriter out;
    private final Lanes lanes;
    private final List<Program.Step> steps;
    private final Local[] temporaries;

    /// Declares the local variables; all evaluations use the same ones.
    /// @param out     where to write
    /// @param program the function of one element
    /// @param lanes   scalars or vectors
    /// @param prefix  what names of the variables begin with
    ExpressionWriter(KernelWriter out, Program program, Lanes lanes, String prefix) {
        this.out = out;
        this.lanes = lanes;
        steps = program.steps();
        temporaries = new Local[steps.size()];
        for (int i = 0; i < temporaries.length; i++) {
            temporaries[i] = steps.get(i) instanceof Program.Step.Load ? null : out.local(prefix + i, lanes.type());
        }
    }

    /// Writes the constants: once, before the evaluations.
    void begin() {
        for (int i = 0; i < temporaries.length; i++) {
            if (steps.get(i) instanceof Program.Step.Literal literal) {
                out.assign(temporaries[i], lanes.broadcastText(literal.value() + "f"), code -> {
                    code.loadConstant(literal.value());
                    lanes.broadcast(code);
                });
            }
        }
    }

    /// Writes one evaluation.
    /// @param argument the variable that holds argument 0, 1, …
    /// @return the variable that holds the result
    Local write(IntFunction<Local> argument) {
        Local[] values = new Local[steps.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = step(steps.get(i), temporaries[i], values, argument);
        }
        return values[values.length - 1];
    }

    private Local step(Program.Step step, Local target, Local[] values, IntFunction<Local> argument) {
        switch (step) {
            case Program.Step.Load(int index) -> {
                return argument.apply(index);
            }
            case Program.Step.Literal _ -> { }
            case Program.Step.Call(Prim prim, int x, int y, int z) -> out.call(lanes, target, prim,
                    values[x], y < 0 ? null : values[y], z < 0 ? null : values[z]);
            case Program.Step.Choose c -> {
                Local left = values[c.left()];
                Local right = values[c.right()];
                Local ifTrue = values[c.ifTrue()];
                Local ifFalse = values[c.ifFalse()];
                out.assign(target, "%s %s %s ? %s : %s".formatted(left.name(), c.comparison().symbol(), right.name(),
                        ifTrue.name(), ifFalse.name()), code -> lanes.choose(code, c.comparison(), left.slot(),
                        right.slot(), ifTrue.slot(), ifFalse.slot()));
            }
        }
        return target;
    }
}
