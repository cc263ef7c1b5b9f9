package larch.backend;

/// Prints which backends a JVM chooses; run in one of its own by [WithoutVectorsTest].
final class BackendReport {
    private BackendReport() {
    }

    /// @param args names of backends to ask for
    public static void main(String[] args) {
        for (String name : args) {
            try (Backend backend = Backends.select(name, new BackendOptions(1, 0))) {
                System.out.println(name + " gives " + backend.name());
            } catch (BackendUnavailableException refused) {
                System.out.println(name + " refused: " + refused.getMessage());
            }
        }
    }
}
