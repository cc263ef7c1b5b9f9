package larch.backend.simd;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;
import larch.expr.Comparison;
import larch.expr.Prim;

/// One float at a time.
final class ScalarLanes implements Lanes {
    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");
    private static final MethodTypeDesc UNARY = MethodTypeDesc.of(CD_float, CD_float);
    private static final MethodTypeDesc BINARY = MethodTypeDesc.of(CD_float, CD_float, CD_float);
    private static final MethodTypeDesc TERNARY = MethodTypeDesc.of(CD_float, CD_float, CD_float, CD_float);
    private static final MethodTypeDesc BITS = MethodTypeDesc.of(CD_int, CD_float);
    private static final MethodTypeDesc FROM_BITS = MethodTypeDesc.of(CD_float, CD_int);

    @Override
    public int width() {
        return 1;
    }

    @Override
    public ClassDesc type() {
        return CD_float;
    }

    @Override
    public String describe() {
        return "scalars";
    }

    @Override
    public String broadcastText(String value) {
        return value;
    }

    @Override
    public String loadText(String array, String index) {
        return array + "[" + index + "]";
    }

    @Override
    public String storeText(String array, String index, String value) {
        return array + "[" + index + "] = " + value + ";";
    }

    @Override
    public void load(CodeBuilder code, Consumer<CodeBuilder> address) {
        address.accept(code);
        code.faload();
    }

    @Override
    public void store(CodeBuilder code, Consumer<CodeBuilder> address, int value) {
        address.accept(code);
        code.fload(value).fastore();
    }

    @Override
    public void broadcast(CodeBuilder code) {
        // A float is a vector of one.
    }

    @Override
    public void call(CodeBuilder code, Prim prim, int x, int y, int z) {
        code.fload(x);
        if (prim.arity() > 1) {
            code.fload(y);
        }
        if (prim.arity() > 2) {
            code.fload(z);
        }
        switch (prim) {
            case ADD -> code.fadd();
            case SUB -> code.fsub();
            case MUL -> code.fmul();
            case DIV -> code.fdiv();
            case MIN -> code.invokestatic(MATH, "min", BINARY);
            case MAX -> code.invokestatic(MATH, "max", BINARY);
            case NEG -> code.fneg();
            case ABS -> code.invokestatic(MATH, "abs", UNARY);
            case SQRT -> code.f2d().invokestatic(MATH, "sqrt",
                    MethodTypeDesc.of(CD_double, CD_double)).d2f();
            case FMA -> code.invokestatic(MATH, "fma", TERNARY);
            // Bit tricks shared with VectorLanes and Render: see FloatBits.
            case POW2 -> {
                code.loadConstant(FloatBits.ROUNDER).fadd();
                bits(code).loadConstant(FloatBits.MANTISSA_BITS).ishl().loadConstant(FloatBits.ONE).iadd();
                fromBits(code);
            }
            case EXPONENT -> {
                bits(code).loadConstant(FloatBits.MANTISSA_BITS).ishr().loadConstant(FloatBits.EXPONENT_MASK).iand()
                        .loadConstant(FloatBits.TWO_POW_23).ior();
                fromBits(code).loadConstant(FloatBits.TWO_POW_23_PLUS_BIAS).fsub();
            }
            case MANTISSA -> {
                bits(code).loadConstant(FloatBits.MANTISSA_MASK).iand().loadConstant(FloatBits.ONE).ior();
                fromBits(code);
            }
            case EXP, LOG, LOG1P, TANH, SIGMOID, POW -> throw new IllegalStateException(prim + " should have been lowered");
        }
    }

    private static CodeBuilder bits(CodeBuilder code) {
        return code.invokestatic(FLOAT, "floatToRawIntBits", BITS);
    }

    private static CodeBuilder fromBits(CodeBuilder code) {
        return code.invokestatic(FLOAT, "intBitsToFloat", FROM_BITS);
    }

    @Override
    public void choose(CodeBuilder code, Comparison comparison, int left, int right, int ifTrue, int ifFalse) {
        Label otherwise = code.newLabel();
        Label end = code.newLabel();
        code.fload(left).fload(right);
        // fcmpg gives 1 and fcmpl gives -1 where a side is NaN: the one that makes the branch below leave.
        switch (comparison) {
            case LT -> code.fcmpg().ifge(otherwise);
            case LE -> code.fcmpg().ifgt(otherwise);
            case GT -> code.fcmpl().ifle(otherwise);
            case GE -> code.fcmpl().iflt(otherwise);
            case EQ -> code.fcmpl().ifne(otherwise);
            case NE -> code.fcmpl().ifeq(otherwise);
        }
        code.fload(ifTrue).goto_(end).labelBinding(otherwise).fload(ifFalse).labelBinding(end);
    }
}
