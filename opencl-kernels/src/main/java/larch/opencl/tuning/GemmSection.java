package larch.opencl.tuning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import larch.opencl.gemm.GemmChoice;
import larch.opencl.gemm.GemmKernel;
import larch.opencl.gemm.GemmParams;
import larch.opencl.gemm.GemmThresholds;
import larch.tuning.Section;
import larch.tuning.TuningException;
import larch.tuning.TuningFile;

/// A [GemmChoice] as the section `[opencl gemm]` of a [TuningFile].
///
/// ```text
/// [opencl gemm]
/// fast = WARP
/// fast.mwg = 128
/// …
/// direct.vwn = 1
/// wholeTilesFrom = 512
/// indirectFrom = 1408
/// ```
public final class GemmSection {
    /// Its name.
    public static final String NAME = "opencl gemm";
    private static final String FAST = "fast";
    private static final String DIRECT = "direct";
    private static final String WHOLE_TILES = "wholeTilesFrom";
    private static final String INDIRECT = "indirectFrom";

    private GemmSection() {
    }

    /// @param choice a choice
    /// @return its numbers by name, in the order of the section
    public static Map<String, String> numbers(GemmChoice choice) {
        Map<String, String> numbers = new LinkedHashMap<>();
        numbers.put(FAST, choice.fast().name());
        params(FAST, choice.fastParams(), numbers);
        params(DIRECT, choice.directParams(), numbers);
        numbers.put(WHOLE_TILES, String.valueOf(choice.thresholds().wholeTilesFrom()));
        numbers.put(INDIRECT, String.valueOf(choice.thresholds().indirectFrom()));
        return numbers;
    }

    private static void params(String kernel, GemmParams p, Map<String, String> numbers) {
        int[] values = {p.mwg(), p.nwg(), p.kwg(), p.mdimc(), p.ndimc(), p.kwi(), p.vwm(), p.vwn()};
        List<String> keys = keys(kernel);
        for (int i = 0; i < values.length; i++) {
            numbers.put(keys.get(i), String.valueOf(values[i]));
        }
    }

    /// In the order of the components of [GemmParams].
    private static List<String> keys(String kernel) {
        return List.of(kernel + ".mwg", kernel + ".nwg", kernel + ".kwg", kernel + ".mdimc", kernel + ".ndimc", kernel + ".kwi",
                kernel + ".vwm", kernel + ".vwn");
    }

    /// @param choice a choice
    /// @return its section
    public static Section of(GemmChoice choice) {
        Section section = new Section(NAME);
        numbers(choice).forEach(section::with);
        return section;
    }

    /// @param file a file
    /// @return the choice in its section
    /// @throws TuningException if a number is missing, unknown or makes no sense; it names the line
    public static GemmChoice read(TuningFile file) {
        Section section = file.section(NAME);
        section.requireOnly(List.copyOf(numbers(GemmChoice.SHIPPED).keySet()));
        String fast = section.text(FAST);
        // A tuned device has the bits of every other.
        List<String> exact = GemmKernel.exact().stream().map(Enum::name).toList();
        if (!exact.contains(fast)) {
            throw section.wrong(FAST, "expected one of " + exact + ", got '" + fast + "'");
        }
        GemmParams fastParams = params(FAST, section);
        GemmParams directParams = params(DIRECT, section);
        int wholeTiles = integer(section, WHOLE_TILES);
        int indirect = integer(section, INDIRECT);
        try {
            return new GemmChoice(GemmKernel.valueOf(fast), fastParams, directParams, new GemmThresholds(wholeTiles, indirect));
        } catch (IllegalArgumentException wrong) {
            throw section.wrong(wrong.getMessage());
        }
    }

    private static GemmParams params(String kernel, Section section) {
        List<Integer> n = new ArrayList<>();
        keys(kernel).forEach(key -> n.add(integer(section, key)));
        try {
            return new GemmParams(n.get(0), n.get(1), n.get(2), n.get(3), n.get(4), n.get(5), n.get(6), n.get(7));
        } catch (IllegalArgumentException wrong) {
            throw section.wrong(keys(kernel).getFirst(), wrong.getMessage());
        }
    }

    private static int integer(Section section, String key) {
        long value = section.integer(key);
        if (value != (int) value) {
            throw section.wrong(key, "expected at most " + Integer.MAX_VALUE + ", got " + value);
        }
        return (int) value;
    }
}
