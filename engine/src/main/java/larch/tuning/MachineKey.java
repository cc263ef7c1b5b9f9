package larch.tuning;

import java.util.List;
import java.util.Locale;

/// What tuned numbers hold for. On anything else they would be right, as all of them are, but not the fastest.
///
/// @param cpu        the processor's name
/// @param vectorBits width of the vectors
/// @param java       feature version of the JVM, whose compiler turns kernels into instructions
/// @param kernels    a hash of what the kernel generator writes, of the numbers that ship and of the vectors that the JVM
///                   offers: a new generator is tuned anew
public record MachineKey(String cpu, int vectorBits, int java, String kernels) {
    /// The section of a [TuningFile] that holds it.
    public static final String SECTION = "machine";
    private static final String CPU = "cpu";
    private static final String VECTOR_BITS = "vector_bits";
    private static final String JAVA = "java";
    private static final String KERNELS = "kernels";

    /// @return the file's name, different for every key
    public String fileName() {
        String name = (cpu + "-" + vectorBits + "-java" + java + "-" + kernels).toLowerCase(Locale.ROOT);
        return name.replaceAll("[^a-z0-9]+", "-") + ".tuning";
    }

    /// @return it as a section
    public Section section() {
        return new Section(SECTION).with(CPU, cpu).with(VECTOR_BITS, vectorBits).with(JAVA, java).with(KERNELS, kernels);
    }

    /// @param file a file that must have been written for this key
    /// @throws TuningException naming the first line that says otherwise
    public void requireIn(TuningFile file) {
        Section there = file.section(SECTION);
        there.requireOnly(List.of(CPU, VECTOR_BITS, JAVA, KERNELS));
        there.requireFoundWith(CPU, cpu, "processor");
        there.requireFoundWith(VECTOR_BITS, String.valueOf(vectorBits), "vector width");
        there.requireFoundWith(JAVA, String.valueOf(java), "Java");
        there.requireFoundWith(KERNELS, kernels, "kernel generator");
    }
}
