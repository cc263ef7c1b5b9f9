package larch.expr;

/// Computes expressions in double precision, as they are written and not as they are lowered: the specification that
/// every backend is held against. What they have in common is computed once.
///
/// Serves one thread at a time.
public final class InDouble {
    private final Program.Step[] steps;
    private final double[] values;
    private final int[] results;
    private final double[] out;

    /// @param exprs functions of the same arguments
    public InDouble(Expr... exprs) {
        Program program = Program.asWritten(exprs);
        steps = program.steps().toArray(Program.Step[]::new);
        values = new double[steps.length];
        results = program.results().stream().mapToInt(Integer::intValue).toArray();
        out = new double[results.length];
    }

    /// @param args the arguments
    /// @return the functions' values, in an array that the next call uses again
    public double[] of(double... args) {
        for (int i = 0; i < steps.length; i++) {
            values[i] = switch (steps[i]) {
                case Program.Step.Load load -> args[load.index()];
                case Program.Step.Literal literal -> literal.value();
                case Program.Step.Call call -> call.prim().inDouble(values[call.x()],
                        call.y() < 0 ? 0 : values[call.y()], call.z() < 0 ? 0 : values[call.z()]);
                case Program.Step.Choose c -> c.comparison().holds(values[c.left()], values[c.right()])
                        ? values[c.ifTrue()] : values[c.ifFalse()];
            };
        }
        for (int j = 0; j < out.length; j++) {
            out[j] = values[results[j]];
        }
        return out;
    }
}
