package larch.gemm;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
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
        Object[] values = new Object[COMPONENTS.length];
        for (int i = 0; i < values.length; i++) {
            long value = section.integer(KEYS.get(i));
            if (COMPONENTS[i].getType() == long.class) {
                values[i] = value;
            } else if (value == (int) value) {
                values[i] = (int) value;
            } else {
                throw section.wrong(KEYS.get(i), "expected at most " + Integer.MAX_VALUE + ", got " + value);
            }
        }
        try {
            GemmBlocking blocking = constructor().newInstance(values);
            if (blocking.lanes() * Float.SIZE != bits) {
                throw section.wrong("lanes", "expected " + bits / Float.SIZE + ", got " + blocking.lanes());
            }
            return blocking;
        } catch (InvocationTargetException e) {
            throw section.wrong(KEYS.getFirst(), e.getCause().getMessage());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("constructing GemmBlocking", e);
        }
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
        for (int i = 0; i < COMPONENTS.length; i++) {
            try {
                section.with(KEYS.get(i), COMPONENTS[i].getAccessor().invoke(blocking));
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("reading " + KEYS.get(i) + " of GemmBlocking", e);
            }
        }
        return section;
    }

    private static Constructor<GemmBlocking> constructor() throws NoSuchMethodException {
        return GemmBlocking.class.getDeclaredConstructor(
                Arrays.stream(COMPONENTS).map(RecordComponent::getType).toArray(Class<?>[]::new));
    }
}
