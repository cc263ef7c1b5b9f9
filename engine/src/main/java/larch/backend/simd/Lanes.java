package larch.backend.simd;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.util.function.Consumer;
import larch.expr.Comparison;
import larch.expr.Prim;

/// Emits bytecode for values that are either one float or one vector of floats.
///
/// [ScalarLanes] and [VectorLanes] emit the same exactly rounded operations, so loops over vectors and over scalars give
/// the same bits, and so do microkernels in vectors and in scalars. Operands are numbers of locals; results are left on
/// the JVM stack.
interface Lanes {
    /// @return how many floats one value holds
    int width();

    /// @return the type of a local that holds one value
    ClassDesc type();

    /// @return what a reader of a listing must know about values
    String describe();

    /// @return the text of a float made into a value
    String broadcastText(String value);

    /// @return the text of the value at `array[index …]`
    String loadText(String array, String index);

    /// @return the statement that stores a value at `array[index …]`
    String storeText(String array, String index, String value);

    /// Pushes the value in an array.
    /// @param code    where to emit
    /// @param address pushes the `float[]` and the index of the value's first float
    void load(CodeBuilder code, Consumer<CodeBuilder> address);

    /// Writes the value of a local to an array.
    /// @param code    where to emit
    /// @param address pushes the `float[]` and the index of the value's first float
    /// @param value   local of the value
    void store(CodeBuilder code, Consumer<CodeBuilder> address, int value);

    /// Makes a value of the float on top of the stack.
    /// @param code where to emit
    void broadcast(CodeBuilder code);

    /// Applies an exact primitive.
    /// @param code where to emit
    /// @param prim the function
    /// @param x    local of the first operand
    /// @param y    local of the second operand, unused where the arity is 1
    /// @param z    local of the third operand, unused where the arity is below 3
    void call(CodeBuilder code, Prim prim, int x, int y, int z);

    /// Pushes `left ⋛ right ? ifTrue : ifFalse`.
    /// @param code       where to emit
    /// @param comparison how to compare
    /// @param left       local
    /// @param right      local
    /// @param ifTrue     local
    /// @param ifFalse    local
    void choose(CodeBuilder code, Comparison comparison, int left, int right, int ifTrue, int ifFalse);
}
