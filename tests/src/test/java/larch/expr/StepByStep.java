package larch.expr;

import java.util.List;

/// Runs a [Program] in plain Java float arithmetic, one step at a time: what every compiled kernel must equal bit by bit.
final class StepByStep {
    private StepByStep() {
    }

    static float run(Program program, float... args) {
        List<Program.Step> steps = program.steps();
        float[] t = new float[steps.size()];
        for (int i = 0; i < t.length; i++) {
            t[i] = switch (steps.get(i)) {
                case Program.Step.Load(int index) -> args[index];
                case Program.Step.Literal literal -> literal.value();
                case Program.Step.Call(Prim prim, int x, int y, int z) ->
                    call(prim, t[x], y < 0 ? 0 : t[y], z < 0 ? 0 : t[z]);
                case Program.Step.Choose c -> holds(c.comparison(), t[c.left()], t[c.right()]) ? t[c.ifTrue()]
                        : t[c.ifFalse()];
            };
        }
        return t[t.length - 1];
    }

    private static float call(Prim prim, float x, float y, float z) {
        return switch (prim) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case MIN -> Math.min(x, y);
            case MAX -> Math.max(x, y);
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SQRT -> (float) Math.sqrt(x);
            case FMA -> Math.fma(x, y, z);
            // Outside of the documented arguments the bit tricks wrap around; so do these.
            case POW2 -> Float.intBitsToFloat((Float.floatToRawIntBits(x + 0x1.8p23f) << 23) + Float.floatToRawIntBits(1f));
            case EXPONENT -> (Float.floatToRawIntBits(x) >>> 23 & 0xff) - 127;
            case MANTISSA -> Float.intBitsToFloat(Float.floatToRawIntBits(x) & 0x7fffff | Float.floatToRawIntBits(1f));
            case EXP, LOG, LOG1P, TANH, SIGMOID, POW -> throw new AssertionError(prim + " in a lowered program");
        };
    }

    private static boolean holds(Comparison comparison, float x, float y) {
        return switch (comparison) {
            case LT -> x < y;
            case LE -> x <= y;
            case GT -> x > y;
            case GE -> x >= y;
            case EQ -> x == y;
            case NE -> x != y;
        };
    }
}
