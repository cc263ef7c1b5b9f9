package larch.bench.machine;

import java.util.concurrent.TimeUnit;
import larch.machine.PeakFlops;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// [PeakFlops] and [Stream] under JMH. Read the secondary results: `gflop` is GFLOP/s, `gbyte` is GB/s.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class MachineBenchmark {
    /// The compiled loop of one width.
    @State(Scope.Benchmark)
    public static class Fma {
        /// The vector width in bits; one that the machine lacks is refused.
        @Param({"512", "256", "128"})
        public int vectorBits;
        PeakFlops.Loop loop;

        /// Copies the loop for the width.
        @Setup(Level.Trial)
        public void setUp() {
            loop = PeakFlops.Loop.ofWidth(vectorBits);
        }
    }

    /// The arrays of the triad.
    @State(Scope.Thread)
    public static class Triad {
        /// The length of each array.
        @Param("33554432")
        public int floats;
        Stream stream;

        /// Fills the arrays.
        @Setup(Level.Trial)
        public void setUp() {
            stream = new Stream(floats);
        }

        /// Compares every element of the last pass.
        @TearDown(Level.Trial)
        public void verify() {
            stream.verify();
        }
    }

    /// Arithmetic done, for JMH to divide by time.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Gflop {
        /// In 10^9 operations.
        public double gflop;
    }

    /// Memory moved, for JMH to divide by time.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Gbyte {
        /// In 10^9 bytes.
        public double gbyte;
    }

    /// The FMA peak of one core; every call compares its value with the exact one.
    @Benchmark
    public void fmaOneCore(Fma fma, Gflop counter) {
        fma.loop.call();
        counter.gflop += fma.loop.flopsPerCall() / 1e9;
    }

    /// The FMA peak of all cores.
    @Benchmark
    @Threads(Threads.MAX)
    public void fmaAllCores(Fma fma, Gflop counter) {
        fmaOneCore(fma, counter);
    }

    /// The triad on one core.
    @Benchmark
    public void triadOneCore(Triad triad, Gbyte counter) {
        triad.stream.pass();
        counter.gbyte += triad.stream.bytes() / 1e9;
    }

    /// The triad on all cores, each with arrays of its own.
    @Benchmark
    @Threads(Threads.MAX)
    public void triadAllCores(Triad triad, Gbyte counter) {
        triadOneCore(triad, counter);
    }
}
