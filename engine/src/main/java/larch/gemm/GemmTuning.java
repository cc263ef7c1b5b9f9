package larch.gemm;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import larch.tuning.Section;
import larch.tuning.TuningException;
import larch.tuning.TuningFile;

/// [GemmBlocking]s as sections `[gemm BITS]` of a [TuningFile]: a key for each component of the record, so that a new
/// component needs a number in `shipped.tuning` and nothing here.
public final class GemmTuning {
    private static final RecordComponent[] COMPONENTS = GemmBlocking.class.getRecordComponents();
    private static final List<String> KEYS = Arrays.stream(COMPONENTS).map(RecordComponent::getName).toList();
    private static final Map<Integer, GemmBlocking> SHIPPED = readShipped();

    private GemmTuning() {
    }

    private static Map<Integer, GemmBlocking> readShipped() {
        TuningFile file = TuningFile.ofResource(GemmTuning.class, "shipped.tuning");
        Map<Integer, GemmBlocking> rows = new TreeMap<>();
        for (int bits : new int[] {128, 256, 512}) {
            rows.put(bits, read(file, bits));
        }
        return rows;
    }

    static GemmBlocking shipped(int bits) {
        return SHIPPED.get(bits);
    }

    /// @param bits width of the vectors
    /// @return the name of the section with their blocking
    public static String sectionName(int bits) {
        return "gemm " + bits;
    }

    /// @param file a file
    /// @param bits width of the vectors
    /// @return the blocking in its section for that width
    /// @throws TuningException if a number is missing, unknown or makes no sense
    public static GemmBlocking read(TuningFile file, int bits) {
        Section section = file.section(sectionName(bits));
        section.requireOnly(KEYS);
        Map<String, Long> numbers = new LinkedHashMap<>();
        KEYS.forEach(key -> numbers.put(key, section.integer(key)));
        GemmBlocking blocking;
        try {
            blocking = of(numbers);
        } catch (IllegalArgumentException wrong) {
            throw section.wrong(wrong.getMessage());
        }
        if (blocking.lanes() * Float.SIZE != bits) {
            throw section.wrong("lanes", "expected " + bits / Float.SIZE + ", got " + blocking.lanes());
        }
        return blocking;
    }

    /// Reads what was tuned on a machine, where `kc` must be the one that ships: it decides the bits of results.
    /// @param file a file
    /// @param bits width of the vectors
    /// @return the blocking in its section for that width
    /// @throws TuningException if a number is missing, unknown, makes no sense, or changes the bits of results
    public static GemmBlocking readTuned(TuningFile file, int bits) {
        GemmBlocking blocking = read(file, bits);
        int kc = shipped(bits).kc();
        if (blocking.kc() != kc) {
            throw file.section(sectionName(bits)).wrong("kc", "expected " + kc + ", as results depend on it, got " + blocking.kc());
        }
        return blocking;
    }

    /// @param blocking a blocking
    /// @return its section
    public static Section section(GemmBlocking blocking) {
        Section section = new Section(sectionName(blocking.lanes() * Float.SIZE));
        numbers(blocking).forEach(section::with);
        return section;
    }

    /// @param blocking a blocking
    /// @return its numbers by name, in the order of the record
    public static Map<String, Long> numbers(GemmBlocking blocking) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        for (RecordComponent component : COMPONENTS) {
            try {
                numbers.put(component.getName(), ((Number) component.getAccessor().invoke(blocking)).longValue());
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("reading " + component.getName() + " of GemmBlocking", e);
            }
        }
        return numbers;
    }

    /// @param blocking a blocking
    /// @param changed  other numbers, by name
    /// @return the blocking with these
    public static GemmBlocking with(GemmBlocking blocking, Map<String, Long> changed) {
        Map<String, Long> numbers = numbers(blocking);
        changed.forEach((name, value) -> {
            if (numbers.replace(name, value) == null) {
                throw new IllegalArgumentException("gemm blocking: expected one of " + KEYS + ", got '" + name + "'");
            }
        });
        return of(numbers);
    }

    private static GemmBlocking of(Map<String, Long> numbers) {
        Object[] values = new Object[COMPONENTS.length];
        Class<?>[] types = new Class<?>[COMPONENTS.length];
        for (int i = 0; i < values.length; i++) {
            long value = numbers.get(KEYS.get(i));
            types[i] = COMPONENTS[i].getType();
            if (types[i] == int.class && value != (int) value) {
                throw new IllegalArgumentException("gemm blocking: " + KEYS.get(i) + " must be <= " + Integer.MAX_VALUE
                        + "; got " + value);
            }
            values[i] = types[i] == int.class ? (Object) (int) value : (Object) value;
        }
        try {
            return GemmBlocking.class.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw (RuntimeException) e.getCause();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("constructing GemmBlocking", e);
        }
    }
}
