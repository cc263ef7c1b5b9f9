package larch.opencl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import larch.device.DeviceException;
import larch.device.DeviceLister;
import larch.device.DeviceListing;

/// A program for [OpenClStatesTest]: does with the lister what a user's program does, one line per answer.
final class OpenClReport {
    private OpenClReport() {}

    public static void main(String[] args) throws IOException {
        DeviceLister lister = DeviceLister.installed().stream()
                .filter(l -> l.kind().equals("opencl")).findFirst().orElseThrow();
        DeviceListing listing = lister.list();
        System.out.println("state " + listing.state());
        System.out.println("detail " + listing.detail());
        System.out.println("again " + lister.list().state());
        try {
            System.out.println("check " + lister.check(0));
        } catch (DeviceException e) {
            System.out.println("refused " + e.getMessage());
        }
        Path maps = Path.of("/proc/self/maps");
        if (Files.exists(maps)) {
            Files.readAllLines(maps).stream().filter(line -> line.contains("libOpenCL"))
                    .map(line -> line.substring(line.indexOf('/'))).distinct()
                    .forEach(file -> System.out.println("mapped " + file));
        }
    }
}
