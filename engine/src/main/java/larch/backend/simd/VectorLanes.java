package larch.backend.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Locale;
import java.util.function.Consumer;
import larch.expr.Comparison;
import larch.expr.Prim;

/// One vector of a given width at a time, through `jdk.incubator.vector`.
final class VectorLanes implements Lanes {
    private static final String PACKAGE = "jdk.incubator.vector";
    static final ClassDesc FLOAT_VECTOR = ClassDesc.of(PACKAGE, "FloatVector");
    private static final ClassDesc INT_VECTOR = ClassDesc.of(PACKAGE, "IntVector");
    private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE, "Vector");
    private static final ClassDesc MASK = ClassDesc.of(PACKAGE, "VectorMask");
    private static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE, "VectorOperators");
    private static final ClassDesc BINARY_OPERATOR = OPERATORS.nested("Binary");
    private static final ClassDesc ASSOCIATIVE = OPERATORS.nested("Associative");
    private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
    private static final ClassDesc FLOATS = CD_float.arrayType();

    private static final MethodTypeDesc FROM_ARRAY = MethodTypeDesc.of(FLOAT_VECTOR, SimdWidth.SPECIES_TYPE, FLOATS, CD_int);
    private static final MethodTypeDesc INTO_ARRAY = MethodTypeDesc.of(CD_void, FLOATS, CD_int);
    private static final MethodTypeDesc BROADCAST = MethodTypeDesc.of(FLOAT_VECTOR, SimdWidth.SPECIES_TYPE, CD_float);
    private static final MethodTypeDesc UNARY = MethodTypeDesc.of(FLOAT_VECTOR);
    private static final MethodTypeDesc BINARY = MethodTypeDesc.of(FLOAT_VECTOR, VECTOR);
    private static final MethodTypeDesc TERNARY = MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, VECTOR);
    private static final MethodTypeDesc COMPARE = MethodTypeDesc.of(MASK, COMPARISON, VECTOR);
    private static final MethodTypeDesc BLEND = MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, MASK);
    private static final MethodTypeDesc TO_INTS = MethodTypeDesc.of(INT_VECTOR);
    private static final MethodTypeDesc INT_LANEWISE = MethodTypeDesc.of(INT_VECTOR, BINARY_OPERATOR, CD_int);

    private final SimdWidth width;

    VectorLanes(SimdWidth width) {
        this.width = width;
    }

    @Override
    public int width() {
        return width.lanes();
    }

    @Override
    public ClassDesc type() {
        return FLOAT_VECTOR;
    }

    @Override
    public String describe() {
        return "S is " + width.speciesField() + ", " + width() + " lanes";
    }

    @Override
    public String broadcastText(String value) {
        return "broadcast(S, " + value + ")";
    }

    @Override
    public String loadText(String array, String index) {
        return "fromArray(S, " + array + ", " + index + ")";
    }

    @Override
    public String storeText(String array, String index, String value) {
        return value + ".intoArray(" + array + ", " + index + ");";
    }

    @Override
    public void load(CodeBuilder code, Consumer<CodeBuilder> address) {
        species(code);
        address.accept(code);
        code.invokestatic(FLOAT_VECTOR, "fromArray", FROM_ARRAY);
    }

    @Override
    public void store(CodeBuilder code, Consumer<CodeBuilder> address, int value) {
        code.aload(value);
        address.accept(code);
        code.invokevirtual(FLOAT_VECTOR, "intoArray", INTO_ARRAY);
    }

    @Override
    public void broadcast(CodeBuilder code) {
        species(code).swap().invokestatic(FLOAT_VECTOR, "broadcast", BROADCAST);
    }

    @Override
    public void call(CodeBuilder code, Prim prim, int x, int y, int z) {
        code.aload(x);
        switch (prim) {
            case ADD, SUB, MUL, DIV, MIN, MAX ->
                code.aload(y).invokevirtual(FLOAT_VECTOR, methodOf(prim), BINARY);
            case NEG, ABS, SQRT -> code.invokevirtual(FLOAT_VECTOR, methodOf(prim), UNARY);
            case FMA -> code.aload(y).aload(z).invokevirtual(FLOAT_VECTOR, "fma", TERNARY);
            case POW2 -> {
                floatConstant(code, FloatBits.ROUNDER).invokevirtual(FLOAT_VECTOR, "add", BINARY);
                onInts(code, "LSHL", FloatBits.MANTISSA_BITS, "ADD", FloatBits.ONE);
            }
            case EXPONENT -> {
                code.invokevirtual(FLOAT_VECTOR, "reinterpretAsInts", TO_INTS);
                lanewise(code, "ASHR", FloatBits.MANTISSA_BITS);
                lanewise(code, "AND", FloatBits.EXPONENT_MASK);
                lanewise(code, "OR", FloatBits.TWO_POW_23).invokevirtual(INT_VECTOR, "reinterpretAsFloats", UNARY);
                floatConstant(code, FloatBits.TWO_POW_23_PLUS_BIAS).invokevirtual(FLOAT_VECTOR, "sub", BINARY);
            }
            case MANTISSA -> onInts(code, "AND", FloatBits.MANTISSA_MASK, "OR", FloatBits.ONE);
            case EXP, LOG, LOG1P, TANH, SIGMOID, POW -> throw new IllegalStateException(prim + " should have been lowered");
        }
    }

    @Override
    public void choose(CodeBuilder code, Comparison comparison, int left, int right, int ifTrue, int ifFalse) {
        code.aload(ifFalse).aload(ifTrue)
                .aload(left).getstatic(OPERATORS, comparison.name(), COMPARISON).aload(right)
                .invokevirtual(FLOAT_VECTOR, "compare", COMPARE)
                .invokevirtual(FLOAT_VECTOR, "blend", BLEND);
    }

    /// Pushes a vector of constants.
    /// @param code where to emit
    /// @param at   where in the kernel's table they begin
    void constant(CodeBuilder code, int at) {
        species(code).loadConstant(KernelCompiler.TABLE).loadConstant(at).invokestatic(FLOAT_VECTOR, "fromArray", FROM_ARRAY);
    }

    /// Pushes the lanes that `selection` names: of x, or of y from the number of lanes on.
    /// @param code      where to emit
    /// @param selection local of lane numbers
    /// @param x         local
    /// @param y         local
    void selectFrom(CodeBuilder code, int selection, int x, int y) {
        code.aload(selection).aload(x).aload(y).invokevirtual(FLOAT_VECTOR, "selectFrom", TERNARY);
    }

    /// Pushes this width's species.
    /// @param code where to emit
    /// @return the same builder
    CodeBuilder species(CodeBuilder code) {
        return code.getstatic(FLOAT_VECTOR, width.speciesField(), SimdWidth.SPECIES_TYPE);
    }

    private CodeBuilder floatConstant(CodeBuilder code, float value) {
        return species(code).loadConstant(value).invokestatic(FLOAT_VECTOR, "broadcast", BROADCAST);
    }

    private static void onInts(CodeBuilder code, String first, int firstOperand, String second, int secondOperand) {
        code.invokevirtual(FLOAT_VECTOR, "reinterpretAsInts", TO_INTS);
        lanewise(code, first, firstOperand);
        lanewise(code, second, secondOperand).invokevirtual(INT_VECTOR, "reinterpretAsFloats", UNARY);
    }

    private static CodeBuilder lanewise(CodeBuilder code, String operator, int operand) {
        boolean associative = !operator.endsWith("SHL") && !operator.endsWith("SHR");
        return code.getstatic(OPERATORS, operator, associative ? ASSOCIATIVE : BINARY_OPERATOR)
                .loadConstant(operand).invokevirtual(INT_VECTOR, "lanewise", INT_LANEWISE);
    }

    private static String methodOf(Prim prim) {
        return prim.name().toLowerCase(Locale.ROOT);
    }
}
