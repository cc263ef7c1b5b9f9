package larch.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/// The libraries that multiply matrices.
enum GemmPeer {
    /// With the kernels that it picks itself.
    OPENBLAS("openblas", "by FFM, its own choice of kernels") {
        @Override
        GemmLibrary open(int threads, String kernels) {
            return Cblas.openBlas(threads, null);
        }
    },
    /// It does not know every processor, so the user may name another one's kernels.
    OPENBLAS_FORCED("openblas", "by FFM, OPENBLAS_CORETYPE as named, the fastest of all") {
        @Override
        List<String> kernels() {
            return List.of("Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids");
        }

        @Override
        GemmLibrary open(int threads, String kernels) {
            return Cblas.openBlas(threads, kernels);
        }
    },
    /// Intel's library.
    MKL("mkl", "by FFM") {
        @Override
        GemmLibrary open(int threads, String kernels) {
            return Cblas.mkl(threads);
        }
    },
    /// Netlib's Java on the Vector API.
    VECTORBLAS("vectorblas", "pure Java") {
        @Override
        boolean hasThreads() {
            return false;
        }

        @Override
        GemmLibrary open(int threads, String kernels) {
            return new VectorBlas();
        }
    },
    /// Efficient Java Matrix Library.
    EJML("ejml", "pure Java") {
        @Override
        GemmLibrary open(int threads, String kernels) {
            return new Ejml(threads);
        }
    },
    /// Deep Java Library.
    DJL("djl", "matMul, which makes a new array") {
        @Override
        GemmLibrary open(int threads, String kernels) {
            return new Djl(threads);
        }
    };

    private final String property;
    private final String note;

    GemmPeer(String property, String note) {
        this.property = property;
        this.note = note;
    }

    /// @param threads how many
    /// @param kernels one of [#kernels()]
    /// @return the library, loaded into this process
    abstract GemmLibrary open(int threads, String kernels);

    /// @return the choices of which the fastest counts for each row; one empty word if there is no choice
    List<String> kernels() {
        return List.of("");
    }

    /// @return whether it can use more than one thread
    boolean hasThreads() {
        return true;
    }

    /// @return how it was measured
    String note() {
        return note;
    }

    /// @param kernels one of [#kernels()]
    /// @return library and version, as the pom has it, and the kernels if they were forced
    String title(String kernels) {
        Properties titles = new Properties();
        try (InputStream in = GemmPeer.class.getResourceAsStream("/peers.properties")) {
            titles.load(in);
        } catch (IOException failure) {
            throw new UncheckedIOException("reading peers.properties", failure);
        }
        return titles.getProperty(property) + (kernels.isEmpty() ? "" : " as " + kernels);
    }
}
