package larch.opencl;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The files by which drivers are registered with the loader on Linux (cl_khr_icd): each is named `*.icd` and holds
/// a driver's library in one line. The loader says nothing about those whose library is missing.
final class DriverFiles {
    /// Replaces the usual folder; may also name one file.
    static final String VENDORS_VARIABLE = "OCL_ICD_VENDORS";
    private static final Path USUAL_FOLDER = Path.of("/etc/OpenCL/vendors");
    private static final String ENDING = ".icd";

    private DriverFiles() {}

    /// @param vendors the value of `OCL_ICD_VENDORS`, or null for the usual folder
    /// @return a sentence for each file whose library cannot be opened
    static List<String> complaints(String vendors) {
        List<String> complaints = new ArrayList<>();
        for (Path file : files(vendors == null ? USUAL_FOLDER : Path.of(vendors))) {
            try {
                String library = Files.readString(file).lines().findFirst().orElse("").strip();
                if (!opens(library)) {
                    complaints.add("the driver file " + file + " names the library '" + library
                            + "', which is missing or cannot be opened");
                }
            } catch (IOException e) {
                complaints.add("the driver file " + file + " cannot be read (" + e + ")");
            }
        }
        return complaints;
    }

    private static List<Path> files(Path place) {
        if (place.toString().endsWith(ENDING) && Files.isRegularFile(place)) {
            return List.of(place);
        }
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
        } catch (IOException e) {
            // The folder cannot be listed, by the loader neither: no driver is registered.
            return List.of();
        }
    }

    /// The global arena, as for the loader: a driver may leave threads behind.
    @SuppressWarnings("restricted")
    private static boolean opens(String library) {
        if (library.isEmpty()) {
            return false;
        }
        try {
            SymbolLookup.libraryLookup(library, Arena.global());
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
