package larch.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A line chart as an SVG document of its own.
///
/// @param title  one line over it
/// @param x      to the right
/// @param y      upwards
/// @param series what is drawn, the most important last
record Chart(String title, Axis x, Axis y, List<Series> series) {
    private static final int WIDTH = 840;
    private static final int HEIGHT = 460;
    private static final int LEFT = 70;
    private static final int RIGHT = 620;
    private static final int TOP = 48;
    private static final int BOTTOM = 405;
    private static final int LEGEND = RIGHT + 24;
    private static final int LEGEND_LINE = 20;
    /// Okabe and Ito's colours, which colour-blind people tell apart.
    private static final String[] COLOURS = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a7a00"};
    private static final String LIMIT_COLOUR = "#777777";

    /// @param x to the right
    /// @param y upwards
    record Point(double x, double y) {
    }

    /// How a series is drawn.
    enum Style {
        /// Lines between dots.
        LINE,
        /// Dots alone, each with its label.
        DOTS,
        /// A dashed line that nothing can lie above.
        LIMIT
    }

    /// @param name   in the legend
    /// @param style  how it is drawn
    /// @param points from left to right
    /// @param labels of the points; empty for none
    record Series(String name, Style style, List<Point> points, List<String> labels) {
        static Series line(String name, List<Point> points) {
            return new Series(name, Style.LINE, points, List.of());
        }

        static Series limit(String name, List<Point> points) {
            return new Series(name, Style.LIMIT, points, List.of());
        }
    }

    /// @return the document
    String svg() {
        List<String> lines = new ArrayList<>();
        lines.add(format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"system-ui, sans-serif\" "
                + "font-size=\"13\">", WIDTH, HEIGHT));
        lines.add(format("<title>%s</title>", escaped(title)));
        lines.add("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        lines.add(text(LEFT, 26, "start", "#222222", "font-size=\"16\" font-weight=\"600\"", title));
        grid(lines);
        int colour = 0;
        int row = 0;
        for (Series one : series) {
            String stroke = one.style == Style.LIMIT ? LIMIT_COLOUR : COLOURS[colour++ % COLOURS.length];
            draw(lines, one, stroke);
            legend(lines, one, stroke, TOP + 8 + row++ * LEGEND_LINE);
        }
        lines.add("</svg>");
        return String.join("\n", lines) + "\n";
    }

    private void grid(List<String> lines) {
        for (double tick : x.ticks()) {
            lines.add(rule(px(tick), TOP, px(tick), BOTTOM));
            lines.add(text(px(tick), BOTTOM + 19, "middle", "#555555", "", tickText(tick)));
        }
        for (double tick : y.ticks()) {
            lines.add(rule(LEFT, py(tick), RIGHT, py(tick)));
            lines.add(text(LEFT - 8, py(tick) + 4, "end", "#555555", "", tickText(tick)));
        }
        lines.add(text((LEFT + RIGHT) / 2.0, BOTTOM + 42, "middle", "#222222", "", x.label()));
        double middle = (TOP + BOTTOM) / 2.0;
        lines.add(text(18, middle, "middle", "#222222", format("transform=\"rotate(-90 18 %.1f)\"", middle), y.label()));
    }

    private void draw(List<String> lines, Series one, String stroke) {
        if (one.style != Style.DOTS) {
            StringBuilder path = new StringBuilder();
            one.points.forEach(p -> path.append(format("%s%.1f,%.1f", path.isEmpty() ? "" : " ", px(p.x), py(p.y))));
            lines.add(format("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>", path, stroke,
                    one.style == Style.LIMIT ? " stroke-dasharray=\"6 4\"" : ""));
        }
        if (one.style != Style.LIMIT) {
            for (int i = 0; i < one.points.size(); i++) {
                Point p = one.points.get(i);
                String label = one.labels.isEmpty() ? tickText(p.x) + ": " + Figures.number(p.y) : one.labels.get(i);
                lines.add(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"><title>%s</title></circle>", px(p.x), py(p.y),
                        stroke, escaped(one.name + ", " + label)));
            }
        }
    }

    private static void legend(List<String> lines, Series one, String stroke, int at) {
        if (one.style == Style.DOTS) {
            lines.add(format("<circle cx=\"%d\" cy=\"%d\" r=\"4\" fill=\"%s\"/>", LEGEND + 9, at, stroke));
        } else {
            lines.add(format("<path d=\"M%d %dh18\" stroke=\"%s\" stroke-width=\"2\"%s/>", LEGEND, at, stroke,
                    one.style == Style.LIMIT ? " stroke-dasharray=\"6 4\"" : ""));
        }
        lines.add(text(LEGEND + 24, at + 4, "start", "#222222", "", one.name));
    }

    private double px(double value) {
        return LEFT + x.position(value) * (RIGHT - LEFT);
    }

    private double py(double value) {
        return BOTTOM - y.position(value) * (BOTTOM - TOP);
    }

    private static String rule(double x1, double y1, double x2, double y2) {
        return format("<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#e4e4e4\"/>", x1, y1, x2, y2);
    }

    private static String text(double x, double y, String anchor, String colour, String more, String content) {
        return format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\" %s>%s</text>", x, y, anchor, colour, more,
                escaped(content));
    }

    /// Without digits that say nothing: 0.125, 16, 4096.
    private static String tickText(double value) {
        return value == Math.rint(value) ? format("%d", (long) value) : format("%.3f", value).replaceFirst("0+$", "");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
