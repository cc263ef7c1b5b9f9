package larch.fncf.experiment;

import java.util.ArrayList;
import java.util.List;

/// A table of text cells, for the terminal and as tab-separated values.
///
/// @param name    file name without ending
/// @param title   one line
/// @param columns headings
/// @param rows    cells, as many in each row as headings
public record Table(String name, String title, List<String> columns, List<List<String>> rows) {
    /// @return headings and cells, tab-separated, one line each
    public String toTsv() {
        StringBuilder text = new StringBuilder(String.join("\t", columns)).append('\n');
        rows.forEach(row -> text.append(String.join("\t", row)).append('\n'));
        return text.toString();
    }

    /// @return title, headings and cells in aligned columns
    public String toText() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns);
        lines.addAll(rows);
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).codePointCount(0, line.get(i).length()));
            }
        }
        StringBuilder text = new StringBuilder(title).append('\n');
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder(" ");
            for (int i = 0; i < widths.length; i++) {
                String cell = line.get(i);
                String pad = " ".repeat(widths[i] - cell.codePointCount(0, cell.length()));
                // The first column is words, the others are numbers.
                row.append(' ').append(i == 0 ? cell + pad : pad + cell).append(' ');
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
