package larch.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import larch.expr.Derivative;
import larch.gen.OpCase;
import larch.op.Domain;
import larch.op.Elementwise;
import larch.op.Op;
import larch.op.OpSpec;
import larch.op.Ops;

/// Writes `docs/ops.md` from the registry.
final class OpsDoc {
    private static final String HEAD = """
            # Ops

            Generated from `larch.op.Ops`; do not edit. `x0, x1, ...` are the arguments, `y` is the result.
            *Gradient* is what the cotangent is multiplied with for each argument, one after another; for structured ops the
            linked source gives the whole vector-Jacobian product. *Checked on* is where tests draw arguments from: values
            away from kinks and poles, so that finite differences are meaningful.

            ## Element-wise ops

            Arguments broadcast as rows `[n]`, columns `[m,1]` or scalars `[]`; the gradient is summed over what was broadcast.

            | op | formula | signature | gradient | checked on |
            |---|---|---|---|---|
            """;
    private static final String STRUCTURED = """

            ## Structured ops

            | op | formula | signature | gradient | checked on |
            |---|---|---|---|---|
            """;

    private OpsDoc() {
    }

    /// @return the whole file
    static String text() {
        StringBuilder elementwise = new StringBuilder(HEAD);
        StringBuilder structured = new StringBuilder(STRUCTURED);
        for (OpSpec spec : Ops.ALL) {
            Op op = OpCase.of(spec, OpCase.bindings(spec, 2).getFirst()).op();
            String gradient = op instanceof Elementwise e ? gradient(e, spec.domains().size()) : source(op);
            String row = "| `%s` | %s | `%s` | %s | %s |\n".formatted(spec.name(), code(spec.formula()),
                    spec.signature(), gradient, spec.domains().stream().map(OpsDoc::describe).collect(Collectors.joining("; ")));
            (op instanceof Elementwise ? elementwise : structured).append(row);
        }
        return elementwise.append(structured).toString();
    }

    private static String gradient(Elementwise op, int arity) {
        List<String> partials = new ArrayList<>();
        for (int i = 0; i < arity; i++) {
            partials.add(code(Derivative.of(op.function(), i).toString()));
        }
        return String.join(", ", partials);
    }

    private static String source(Op op) {
        String name = op.getClass().getSimpleName();
        return "[`%s`](../engine/src/main/java/larch/op/%s.java)".formatted(name, name);
    }

    private static String code(String formula) {
        return "`" + formula.replace("|", "\\|") + "`";
    }

    private static String describe(Domain domain) {
        if (domain.distinct()) {
            return "distinct";
        }
        StringBuilder text = new StringBuilder();
        text.append(domain.equals(Domain.ALL) || domain.kinks().length > 0 ? "any"
                : "[%s, %s]".formatted(number(domain.low()), number(domain.high())));
        for (int i = 0; i < domain.kinks().length; i++) {
            text.append(i == 0 ? " but near " : " and ").append(number(domain.kinks()[i]));
        }
        return text.toString();
    }

    private static String number(float value) {
        return value == (int) value ? Integer.toString((int) value) : Float.toString(value);
    }
}
