package larch.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The loop whose speed is the peak: fused multiply-adds on registers, nothing else.
///
/// Fifteen accumulators cover a latency of four clocks on three FMA units (on four, all but a sixteenth) and, with
/// the one factor, fill the sixteen registers of AVX2. They are named locals: C2 keeps an array of vectors on the heap.
///
/// C2 needs the vector width as a constant and a profile that has seen only one, so each width runs in a hidden copy
/// of this class; the copy finds its species in the class data.
final class FmaLoop {
    /// The number of independent accumulators.
    static final int ACCUMULATORS = 15;
    /// A multiple of 4, so that the result is a whole number, and small enough for `float` to hold it exactly.
    static final int ITERATIONS = 20_000;

    private static final VectorSpecies<Float> SPECIES = species();

    private FmaLoop() {}

    /// @param species the vector width
    /// @return `float run(int iterations, float x)` for that width
    static MethodHandle ofWidth(VectorSpecies<Float> species) {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        try (InputStream in = FmaLoop.class.getResourceAsStream("FmaLoop.class")) {
            Class<?> copy = lookup.defineHiddenClassWithClassData(in.readAllBytes(), species, true).lookupClass();
            return MethodHandles.privateLookupIn(copy, lookup).findStatic(copy, "run",
                    MethodType.methodType(float.class, int.class, float.class));
        } catch (IOException e) {
            throw new UncheckedIOException("reading FmaLoop.class from the class path", e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("copying FmaLoop for " + species, e);
        }
    }

    /// `Σ_j Σ_lanes (j + iterations · x²)` over the accumulators j.
    static float run(int iterations, float x) {
        FloatVector factor = FloatVector.broadcast(SPECIES, x);
        // Different starts, or the compiler could see that all accumulators are one.
        FloatVector acc0 = FloatVector.broadcast(SPECIES, 0);
        FloatVector acc1 = FloatVector.broadcast(SPECIES, 1);
        FloatVector acc2 = FloatVector.broadcast(SPECIES, 2);
        FloatVector acc3 = FloatVector.broadcast(SPECIES, 3);
        FloatVector acc4 = FloatVector.broadcast(SPECIES, 4);
        FloatVector acc5 = FloatVector.broadcast(SPECIES, 5);
        FloatVector acc6 = FloatVector.broadcast(SPECIES, 6);
        FloatVector acc7 = FloatVector.broadcast(SPECIES, 7);
        FloatVector acc8 = FloatVector.broadcast(SPECIES, 8);
        FloatVector acc9 = FloatVector.broadcast(SPECIES, 9);
        FloatVector acc10 = FloatVector.broadcast(SPECIES, 10);
        FloatVector acc11 = FloatVector.broadcast(SPECIES, 11);
        FloatVector acc12 = FloatVector.broadcast(SPECIES, 12);
        FloatVector acc13 = FloatVector.broadcast(SPECIES, 13);
        FloatVector acc14 = FloatVector.broadcast(SPECIES, 14);
        for (int i = 0; i < iterations; i++) {
            acc0 = factor.fma(factor, acc0);
            acc1 = factor.fma(factor, acc1);
            acc2 = factor.fma(factor, acc2);
            acc3 = factor.fma(factor, acc3);
            acc4 = factor.fma(factor, acc4);
            acc5 = factor.fma(factor, acc5);
            acc6 = factor.fma(factor, acc6);
            acc7 = factor.fma(factor, acc7);
            acc8 = factor.fma(factor, acc8);
            acc9 = factor.fma(factor, acc9);
            acc10 = factor.fma(factor, acc10);
            acc11 = factor.fma(factor, acc11);
            acc12 = factor.fma(factor, acc12);
            acc13 = factor.fma(factor, acc13);
            acc14 = factor.fma(factor, acc14);
        }
        return acc0.add(acc1).add(acc2).add(acc3).add(acc4).add(acc5)
                .add(acc6).add(acc7).add(acc8).add(acc9).add(acc10).add(acc11)
                .add(acc12).add(acc13).add(acc14)
                .reduceLanes(VectorOperators.ADD);
    }

    /// The class itself has no class data and is never run, only copied.
    @SuppressWarnings("unchecked")
    private static VectorSpecies<Float> species() {
        try {
            return MethodHandles.classData(MethodHandles.lookup(), "_", VectorSpecies.class);
        } catch (IllegalAccessException e) {
            throw new LinkageError("reading the class data of FmaLoop", e);
        }
    }
}
