package larch.fncf.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files and folders that are missing, damaged, of the wrong kind or not writable: one line, exit code 2, before any work.
class BadInputTest {
    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void aRegularFile() throws IOException {
        file = Files.writeString(folder.resolve("file"), "not a folder");
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void missingData() {
        Program.run("data", "--data", path("nowhere")).refused("nowhere: expected a folder, a zip, or one of the names");
    }

    @Test
    void aTruncatedZip() throws IOException {
        Path zip = folder.resolve("ml-1m.zip");
        TinyMovieLens.write(folder.resolve("ml"));
        try (OutputStream out = Files.newOutputStream(zip); ZipOutputStream entries = new ZipOutputStream(out)) {
            for (String name : new String[] {"users.dat", "movies.dat", "ratings.dat"}) {
                entries.putNextEntry(new ZipEntry("ml-1m/" + name));
                entries.write(Files.readAllBytes(folder.resolve("ml").resolve(name)));
            }
        }
        assertTrue(Program.run("data", "--data", zip.toString()).out().contains("users         60"));
        byte[] whole = Files.readAllBytes(zip);
        Files.write(zip, Arrays.copyOf(whole, whole.length / 2));
        Program.run("data", "--data", zip.toString()).refused("ml-1m.zip: expected a complete zip file");
    }

    @Test
    void aBadRowIsNamedByFileAndLine() throws IOException {
        TinyMovieLens.write(folder.resolve("ml"));
        Path users = folder.resolve("ml/users.dat");
        Files.writeString(users, Files.readString(users).replace("\n3::M", "\n3::X"));
        Program.run("data", "--data", path("ml")).refused("users.dat:3: expected gender M or F, got \"X\"");
    }

    @Test
    void missingAndForeignModels() throws IOException {
        Program.run("evaluate", "--model", path("nowhere")).refused("--model: ", "nowhere: no such file");
        Program.run("evaluate", "--model", folder.toString()).refused("--model: ", "it is a directory");
        Files.write(file, new byte[100]);
        Program.run("evaluate", "--model", file.toString()).refused("--model: ", "file: ");
    }

    @Test
    void foldersThatCannotBeWrittenAreFoundBeforeTheWork() {
        String below = file.resolve("below").toString();
        Program.run("train", "--out", below).refused("--out: cannot write to the folder " + below);
        Program.run("reproduce", "--out", below).refused("--out: cannot write to the folder " + below);
        Program.run("train", "--out", path("out"), "--json", below).refused("--json: cannot write to the folder " + file);
        Program.run("train", "--out", path("out"), "--dump-kernels", below)
                .refused("--dump-kernels: cannot write to the folder " + below);
        Program.run("train", "--out", path("out"), "--json", folder.toString()).refused("--json: expected a file, got the folder");
        Program.run("data", "export", "--out", below).refused("--out: cannot write to the folder " + below);
    }

    @Test
    void kernelsAreDumpedOnlyWhereSomeAreCompiled() {
        Program.run("train", "--out", path("out"), "--backend", "reference", "--dump-kernels", path("kernels"))
                .refused("--dump-kernels: the backend reference compiles no kernels");
    }

    @Test
    void debugAddsTheTrace() {
        String[] line = {"data", "--data", path("nowhere")};
        String[] debug = {"data", "--data", path("nowhere"), "--debug"};
        assertFalse(Program.run(line).err().contains("\tat "));
        Program program = Program.run(debug);
        assertEquals(2, program.code());
        assertTrue(program.err().contains("\tat larch.fncf.data."), program.err());
    }
}
