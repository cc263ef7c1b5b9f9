package larch.fncf.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// The files of a zip, at its top level or in one folder (GroupLens ships `ml-1m/users.dat`).
///
/// Entries are never written to disk, so their names cannot lead outside a folder; no entry may be longer
/// than `maxFileBytes` once inflated, whatever its header says; its CRC-32 is checked.
record ZipSource(Path zip, long maxFileBytes) implements FileSource {
    @Override
    public List<String> names() {
        try (ZipFile file = open()) {
            return List.copyOf(entries(file).keySet());
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    @Override
    public String where(String name) {
        return zip + "/" + name;
    }

    @Override
    public byte[] read(String name) {
        try (ZipFile file = open()) {
            ZipEntry entry = entries(file).get(name);
            if (entry == null) {
                throw FileSource.missing(this, name);
            }
            byte[] bytes;
            try (InputStream in = file.getInputStream(entry)) {
                bytes = in.readNBytes((int) Math.min(maxFileBytes + 1, Integer.MAX_VALUE - 8));
            }
            if (bytes.length > maxFileBytes) {
                throw DataException.of(where(name), "at most " + maxFileBytes + " bytes when unpacked", "more",
                        "do not trust this zip: take the one that GroupLens publishes");
            }
            // ZipFile checks the structure but, unlike ZipInputStream, not the sum of the content.
            CRC32 crc = new CRC32();
            crc.update(bytes);
            if (entry.getCrc() != -1 && crc.getValue() != entry.getCrc()) {
                throw DataException.of(where(name), "CRC-32 " + Long.toHexString(entry.getCrc()),
                        Long.toHexString(crc.getValue()), "the zip is damaged: download it again");
            }
            return bytes;
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private ZipFile open() throws IOException {
        return new ZipFile(zip.toFile());
    }

    private Map<String, ZipEntry> entries(ZipFile file) {
        Map<String, ZipEntry> byName = new TreeMap<>();
        for (Iterator<? extends ZipEntry> all = file.entries().asIterator(); all.hasNext(); ) {
            ZipEntry entry = all.next();
            String[] parts = entry.getName().split("/");
            if (entry.isDirectory() || parts.length > 2 || parts[0].equals("__MACOSX")) {
                continue;
            }
            ZipEntry other = byName.put(parts[parts.length - 1], entry);
            if (other != null) {
                throw DataException.of(zip.toString(), "one file of each name",
                        other.getName() + " and " + entry.getName(), "give a zip with one data set in it");
            }
        }
        return byName;
    }

    private DataException damaged(IOException e) {
        return DataException.of(zip.toString(), "a complete zip file", FolderSource.reason(e),
                "download it again").causedBy(e);
    }
}
