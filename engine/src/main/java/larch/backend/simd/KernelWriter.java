package larch.backend.simd;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import larch.expr.Prim;

/// Writes a kernel twice at once: each line gives its Java-like text and the instructions it stands for, so
/// the listing cannot drift away from the byte code. Locals keep their names in the class file (`javap -l`,
/// debuggers, profilers).
final class KernelWriter {
    /// A named local variable.
    ///
    /// @param name name in the listing and in the class file
    /// @param type its type
    /// @param slot its index; `long` and `double` are not supported
    record Local(String name, ClassDesc type, int slot) {
        void load(CodeBuilder code) {
            switch (type.descriptorString()) {
                case "I" -> code.iload(slot);
                case "F" -> code.fload(slot);
                default -> code.aload(slot);
            }
        }

        void store(CodeBuilder code) {
            switch (type.descriptorString()) {
                case "I" -> code.istore(slot);
                case "F" -> code.fstore(slot);
                default -> code.astore(slot);
            }
        }
    }

    @FunctionalInterface
    private interface Step {
        void emit(CodeBuilder code, Label[] labels);
    }

    private final StringBuilder listing = new StringBuilder();
    private final List<Local> locals = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private int nextSlot = 1;
    private int labelCount;
    private int indent;

    /// Declares the next local variable; the method's parameters come first, in their order.
    Local local(String name, ClassDesc type) {
        Local local = new Local(name, type, nextSlot++);
        locals.add(local);
        return local;
    }

    /// Declares `count` locals, `prefix` followed by 0, 1, ….
    Local[] locals(String prefix, int count, ClassDesc type) {
        Local[] result = new Local[count];
        Arrays.setAll(result, i -> local(prefix + i, type));
        return result;
    }

    /// Adds a line of text that stands for no instruction.
    void text(String text) {
        listing.append("    ".repeat(indent)).append(text).append('\n');
    }

    /// Adds a line.
    /// @param text         as a reader should see it
    /// @param instructions what it does
    void line(String text, Consumer<CodeBuilder> instructions) {
        text(text);
        steps.add((code, _) -> instructions.accept(code));
    }

    /// `target = value`, where `value` leaves the new content on the stack.
    void assign(Local target, String text, Consumer<CodeBuilder> value) {
        line(target.name() + " = " + text + ";", code -> {
            value.accept(code);
            target.store(code);
        });
    }

    /// `target = prim(x, y, z)`.
    /// @param lanes  scalars or vectors
    /// @param target where the result goes
    /// @param prim   an exact primitive
    /// @param x      first operand
    /// @param y      second operand; null where the arity is 1
    /// @param z      third operand; null where the arity is below 3
    void call(Lanes lanes, Local target, Prim prim, Local x, Local y, Local z) {
        String text = switch (prim.arity()) {
            case 1 -> prim.symbol() + "(" + x.name() + ")";
            case 2 -> Character.isLetter(prim.symbol().charAt(0))
                    ? prim.symbol() + "(" + x.name() + ", " + y.name() + ")"
                    : x.name() + " " + prim.symbol() + " " + y.name();
            default -> prim.symbol() + "(" + x.name() + ", " + y.name() + ", " + z.name() + ")";
        };
        assign(target, text, code -> lanes.call(code, prim, x.slot(), y == null ? -1 : y.slot(),
                z == null ? -1 : z.slot()));
    }

    /// `target = x + y` of ints.
    void assignSum(Local target, Local x, Local y) {
        assign(target, x.name() + " + " + y.name(), code -> {
            x.load(code);
            y.load(code);
            code.iadd();
        });
    }

    /// `for (; counter < limit; counter += step) { body }`, the counted loop that C2 knows best.
    void countedLoop(Local counter, Local limit, int step, Runnable body) {
        int head = labelCount++;
        int exit = labelCount++;
        text("for (; " + counter.name() + " < " + limit.name() + "; " + counter.name() + " += " + step + ") {");
        steps.add((code, labels) -> {
            code.labelBinding(labels[head]);
            counter.load(code);
            limit.load(code);
            code.if_icmpge(labels[exit]);
        });
        block(body);
        steps.add((code, labels) -> code.iinc(counter.slot(), step).goto_(labels[head]).labelBinding(labels[exit]));
        text("}");
    }

    /// `while (x != y) { body }` of ints, for a loop whose body moves x by a step that is no constant. To C2 that is
    /// not a counted loop: it leaves the body as it is, and polls for a safepoint in each turn.
    void until(Local x, Local y, Runnable body) {
        int head = labelCount++;
        int exit = labelCount++;
        text("while (" + x.name() + " != " + y.name() + ") {");
        steps.add((code, labels) -> {
            code.labelBinding(labels[head]);
            x.load(code);
            y.load(code);
            code.if_icmpeq(labels[exit]);
        });
        block(body);
        steps.add((code, labels) -> code.goto_(labels[head]).labelBinding(labels[exit]));
        text("}");
    }

    /// `if (value == constant) { then } else { otherwise }` of floats.
    void ifEqual(Local value, float constant, Runnable then, Runnable otherwise) {
        int differs = labelCount++;
        int end = labelCount++;
        text("if (" + value.name() + " == " + constant + ") {");
        steps.add((code, labels) -> {
            value.load(code);
            code.loadConstant(constant).fcmpl().ifne(labels[differs]);
        });
        block(then);
        steps.add((code, labels) -> code.goto_(labels[end]).labelBinding(labels[differs]));
        text("} else {");
        block(otherwise);
        steps.add((code, labels) -> code.labelBinding(labels[end]));
        text("}");
    }

    private void block(Runnable body) {
        indent++;
        body.run();
        indent--;
    }

    /// @return the lines so far, as text
    String listing() {
        return listing.toString();
    }

    /// Emits the instructions of all lines and a return.
    void emit(CodeBuilder code) {
        Label[] labels = new Label[labelCount];
        for (int i = 0; i < labelCount; i++) {
            labels[i] = code.newLabel();
        }
        for (Local local : locals) {
            code.localVariable(local.slot(), local.name(), local.type(), code.startLabel(), code.endLabel());
        }
        for (Step step : steps) {
            step.emit(code, labels);
        }
        code.return_();
    }
}
