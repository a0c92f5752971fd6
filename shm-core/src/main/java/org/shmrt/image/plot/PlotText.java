package org.shmrt.image.plot;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Draws the texts of a plot. On a machine without fonts texts have no size and nothing is drawn. */
final class PlotText {
    private static final Pattern POWER_OF_TEN = Pattern.compile("(-?[0-9.]+)e(-?)([0-9]+)");
    private static final String RAISED_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /** Text styles. */
    enum Style {
        TITLE(Font.BOLD, 17),
        LABEL(Font.PLAIN, 14),
        TICK(Font.PLAIN, 12.5);

        private final int fontStyle;
        private final double size;

        Style(int fontStyle, double size) {
            this.fontStyle = fontStyle;
            this.size = size;
        }

        private Font font(double scale) {
            return new Font(Font.SANS_SERIF, fontStyle, (int) Math.round(size * scale));
        }
    }

    private final Graphics2D graphics;
    private final Map<Style, Font> fonts;

    private PlotText(Graphics2D graphics, Map<Style, Font> fonts) {
        this.graphics = graphics;
        this.fonts = fonts;
    }

    /**
     * Loads the fonts, and draws with each of them once to find out whether they work.
     *
     * @param scale 1 for a picture of the default size
     */
    static PlotText on(Graphics2D graphics, double scale) {
        try {
            Map<Style, Font> fonts = new EnumMap<>(Style.class);
            Graphics2D trial = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB).createGraphics();
            for (Style style : Style.values()) {
                Font font = style.font(scale);
                fonts.put(style, font);
                trial.setFont(font);
                trial.drawString("0", 8, 40);
                trial.getFontMetrics().stringWidth("0");
            }
            trial.dispose();
            return new PlotText(graphics, fonts);
        } catch (OutOfMemoryError | StackOverflowError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            // Java throws various types where fontconfig or all fonts are missing, including UnsatisfiedLinkError and
            // InternalError. A picture without text is better than none.
            return without(graphics);
        }
    }

    /** Draws no texts. */
    static PlotText without(Graphics2D graphics) {
        return new PlotText(graphics, Map.of());
    }

    double width(Style style, String text) {
        return fonts.isEmpty()
                ? 0
                : metrics(style).getStringBounds(text, graphics).getWidth();
    }

    double height(Style style) {
        return fonts.isEmpty() ? 0 : metrics(style).getAscent() + metrics(style).getDescent();
    }

    /** Space around a text; 0 if there are no texts. */
    double gap(double pixels) {
        return fonts.isEmpty() ? 0 : pixels;
    }

    /**
     * Draws a text.
     *
     * @param left left end
     * @param top top of its line
     */
    void draw(Style style, Color colour, String text, double left, double top) {
        if (!fonts.isEmpty()) {
            graphics.setFont(fonts.get(style));
            graphics.setColor(colour);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.drawString(
                    text, (float) left, (float) (top + metrics(style).getAscent()));
        }
    }

    /**
     * Draws a text rotated to read upwards.
     *
     * @param left left end of its line
     * @param middle middle of its length
     */
    void drawUpwards(Style style, Color colour, String text, double left, double middle) {
        AffineTransform before = graphics.getTransform();
        graphics.translate(left, middle + width(style, text) / 2);
        graphics.rotate(-Math.PI / 2);
        draw(style, colour, text, 0, 0);
        graphics.setTransform(before);
    }

    /** The text, or its beginning with an ellipsis if it is longer than the space. */
    String fitted(Style style, String text, double space) {
        if (width(style, text) <= space) {
            return text;
        }
        int end = text.length();
        while (end > 0 && width(style, text.substring(0, end) + "…") > space) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end).stripTrailing() + "…";
    }

    /** Formats {@code 2e-6} as 2×10⁻⁶ if the font has these characters. */
    String pretty(String label) {
        Matcher power = POWER_OF_TEN.matcher(label);
        if (fonts.isEmpty() || !power.matches()) {
            return label;
        }
        StringBuilder text = new StringBuilder();
        if (!power.group(1).equals("1")) {
            text.append(power.group(1).equals("-1") ? "-" : power.group(1) + "×");
        }
        text.append("10").append(power.group(2).isEmpty() ? "" : "⁻");
        power.group(3).chars().forEach(digit -> text.append(RAISED_DIGITS.charAt(digit - '0')));
        return fonts.get(Style.TICK).canDisplayUpTo(text.toString()) < 0 ? text.toString() : label;
    }

    private FontMetrics metrics(Style style) {
        return graphics.getFontMetrics(fonts.get(style));
    }
}
