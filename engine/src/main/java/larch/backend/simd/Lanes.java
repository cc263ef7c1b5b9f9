package larch.backend.simd;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import larch.expr.Comparison;
import larch.expr.Prim;

/// Emits bytecode for values that are either one float or one vector of floats.
///
/// [ScalarLanes] and [VectorLanes] emit the same exactly rounded operations, so the loop over whole vectors and the loop
/// over the tail give the same bits. Operands are numbers of locals; results are left on the JVM stack.
interface Lanes {
    /// @return how many floats one value holds
    int width();

    /// @return how the JVM stores a local that holds one value
    TypeKind kind();

    /// Pushes the value at `array[base + index]` and on.
    /// @param code  where to emit
    /// @param array local of the `float[]`
    /// @param base  local of an `int`
    /// @param index local of an `int`
    void load(CodeBuilder code, int array, int base, int index);

    /// Writes the value of a local to `array[base + index]` and on.
    /// @param code  where to emit
    /// @param array local of the `float[]`
    /// @param base  local of an `int`
    /// @param index local of an `int`
    /// @param value local of the value
    void store(CodeBuilder code, int array, int base, int index, int value);

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
