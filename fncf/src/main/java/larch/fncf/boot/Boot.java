package larch.fncf.boot;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The main class of the executable jar. Larch needs a JDK 25 that was started with
/// `--add-modules jdk.incubator.vector`, and no entry of a manifest can ask for that. So `java -jar` of any
/// Java from 8 on comes here: if the running Java is right, the program starts in it; else a JDK 25 is found
/// ([Jdk]) and the program runs there, with the same arguments, options, streams and exit code.
///
/// Exit code 3: there is no JDK 25. This package is Java 8 byte code: it may use nothing of a later Java, and
/// of Larch only the name of its main class.
public final class Boot {
    static final int FEATURE = 25;
    private static final String MAIN = "larch.fncf.cli.Main";
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final int NO_JDK = 3;

    private Boot() {}

    public static void main(String[] args) throws Throwable {
        if (isRightJava()) {
            runHere(args);
            return;
        }
        String home;
        try {
            String running = System.getProperty("java.home");
            home = new Jdk(System.getenv(), System.getProperty("user.home"), running).find();
        } catch (IOException e) {
            System.err.println("larch: " + e.getMessage());
            System.exit(NO_JDK);
            return;
        }
        System.exit(runIn(home, args));
    }

    private static boolean isRightJava() {
        String version = System.getProperty("java.specification.version");
        if (version.contains(".") || Integer.parseInt(version) < FEATURE) {
            return false;
        }
        try {
            Class.forName(VECTOR_MODULE + ".Vector");
            return true;
        } catch (ClassNotFoundException e) {
            return false; // a right Java, but without --add-modules
        }
    }

    private static void runHere(String[] args) throws Throwable {
        try {
            Class.forName(MAIN).getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /// As the launcher does: an OpenCL driver that compiles within the process must not keep signals from the JVM.
    private static void chainSignals(String home, Map<String, String> environment) {
        File library = new File(home, "lib" + File.separator + "libjsig.so");
        if (library.exists()) {
            String others = environment.get("LD_PRELOAD");
            environment.put("LD_PRELOAD", others == null ? library.getPath() : library.getPath() + ":" + others);
        }
    }

    private static int runIn(String home, String[] args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(home + File.separator + "bin" + File.separator + "java");
        command.add("--add-modules");
        command.add(VECTOR_MODULE);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments()); // -Xmx ...
        String more = System.getenv("LARCH_JAVA_OPTS");
        if (more != null && !more.trim().isEmpty()) {
            command.addAll(Arrays.asList(more.trim().split("\\s+")));
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(MAIN);
        command.addAll(Arrays.asList(args));
        Child child = new Child();
        Runtime.getRuntime().addShutdownHook(new Thread(child::stop));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        chainSignals(home, builder.environment());
        return child.run(builder);
    }
}
