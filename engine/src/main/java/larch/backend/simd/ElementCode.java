package larch.backend.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;

/// The few operations of a microkernel, for a vector of floats or for one float. Both forms round alike: a
/// fused multiply-add rounds once wherever it runs, so a kernel in scalars gives the bits of a kernel in
/// vectors.
///
/// Arguments are on the operand stack, in the order in which the method names them.
sealed interface ElementCode {
    /// @return floats in one element
    int lanes();

    /// @return type of an element
    ClassDesc type();

    /// @return what a reader of a listing must know about elements
    String describe();

    /// @return the text of a float spread over an element
    String splatText(String value);

    /// @return the text of `array[index …]`
    String loadText(String array, String index);

    /// @return the statement that stores `value` at `array[index …]`
    String storeText(String array, String index, String value);

    /// Pushes an element full of zeros.
    void zero(CodeBuilder code);

    /// Pushes an element full of the float that `value` pushes.
    void splat(CodeBuilder code, Consumer<CodeBuilder> value);

    /// Pushes the element that starts at the index which `arrayAndIndex` pushes after the array.
    void load(CodeBuilder code, Consumer<CodeBuilder> arrayAndIndex);

    /// `element`, then what `arrayAndIndex` pushes: stores the element there.
    void store(CodeBuilder code, Consumer<CodeBuilder> element, Consumer<CodeBuilder> arrayAndIndex);

    /// `x, y` → `x · y`.
    void mul(CodeBuilder code);

    /// `x, y, z` → `x · y + z`, rounded once.
    void fma(CodeBuilder code);

    /// One vector of a width.
    record OfVectors(SimdWidth width) implements ElementCode {
        private static final ClassDesc VECTOR = FloatVector.class.describeConstable().orElseThrow();
        private static final ClassDesc ANY_VECTOR = Vector.class.describeConstable().orElseThrow();
        private static final ClassDesc SPECIES = SimdWidth.SPECIES_TYPE;
        private static final ClassDesc FLOATS = CD_float.arrayType();
        private static final MethodTypeDesc ZERO = MethodTypeDesc.of(VECTOR, SPECIES);
        private static final MethodTypeDesc BROADCAST = MethodTypeDesc.of(VECTOR, SPECIES, CD_float);
        private static final MethodTypeDesc FROM_ARRAY = MethodTypeDesc.of(VECTOR, SPECIES, FLOATS, CD_int);
        private static final MethodTypeDesc INTO_ARRAY = MethodTypeDesc.ofDescriptor("([FI)V");
        private static final MethodTypeDesc MUL = MethodTypeDesc.of(VECTOR, ANY_VECTOR);
        private static final MethodTypeDesc FMA = MethodTypeDesc.of(VECTOR, ANY_VECTOR, ANY_VECTOR);

        @Override
        public int lanes() {
            return width.lanes();
        }

        @Override
        public ClassDesc type() {
            return VECTOR;
        }

        @Override
        public String describe() {
            return "S is " + width.speciesField() + ", " + lanes() + " lanes";
        }

        @Override
        public String splatText(String value) {
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
        public void zero(CodeBuilder code) {
            species(code);
            code.invokestatic(VECTOR, "zero", ZERO);
        }

        @Override
        public void splat(CodeBuilder code, Consumer<CodeBuilder> value) {
            species(code);
            value.accept(code);
            code.invokestatic(VECTOR, "broadcast", BROADCAST);
        }

        @Override
        public void load(CodeBuilder code, Consumer<CodeBuilder> arrayAndIndex) {
            species(code);
            arrayAndIndex.accept(code);
            code.invokestatic(VECTOR, "fromArray", FROM_ARRAY);
        }

        @Override
        public void store(CodeBuilder code, Consumer<CodeBuilder> element, Consumer<CodeBuilder> arrayAndIndex) {
            element.accept(code);
            arrayAndIndex.accept(code);
            code.invokevirtual(VECTOR, "intoArray", INTO_ARRAY);
        }

        @Override
        public void mul(CodeBuilder code) {
            code.invokevirtual(VECTOR, "mul", MUL);
        }

        @Override
        public void fma(CodeBuilder code) {
            code.invokevirtual(VECTOR, "fma", FMA);
        }

        private void species(CodeBuilder code) {
            code.getstatic(VECTOR, width.speciesField(), SPECIES);
        }
    }

    /// One float.
    record OfScalars() implements ElementCode {
        private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
        private static final MethodTypeDesc FMA = MethodTypeDesc.of(CD_float, CD_float, CD_float, CD_float);

        @Override
        public int lanes() {
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
        public String splatText(String value) {
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
        public void zero(CodeBuilder code) {
            code.fconst_0();
        }

        @Override
        public void splat(CodeBuilder code, Consumer<CodeBuilder> value) {
            value.accept(code);
        }

        @Override
        public void load(CodeBuilder code, Consumer<CodeBuilder> arrayAndIndex) {
            arrayAndIndex.accept(code);
            code.faload();
        }

        @Override
        public void store(CodeBuilder code, Consumer<CodeBuilder> element, Consumer<CodeBuilder> arrayAndIndex) {
            arrayAndIndex.accept(code);
            element.accept(code);
            code.fastore();
        }

        @Override
        public void mul(CodeBuilder code) {
            code.fmul();
        }

        @Override
        public void fma(CodeBuilder code) {
            code.invokestatic(MATH, "fma", FMA);
        }
    }
}
