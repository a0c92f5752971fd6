package org.shmrt.image;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The texts of a plot. On a machine without fonts none has a size and nothing is drawn. */
final class PlotText {
    private static final Pattern POWER_OF_TEN = Pattern.compile("(-?[0-9.]+)e(-?)([0-9]+)");
    private static final String RAISED_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /** The sizes in use. */
    enum Style {
        TITLE,
        LABEL,
        TICK
    }

    private final Graphics2D graphics;
    private final Font[] fonts;

    private PlotText(Graphics2D graphics, Font[] fonts) {
        this.graphics = graphics;
        this.fonts = fonts;
    }

    /**
     * Tries the fonts once.
     *
     * @param scale 1 for a picture of the default size
     * @param wanted false for a picture without text
     */
    static PlotText on(Graphics2D graphics, double scale, boolean wanted) {
        if (!wanted) {
            return new PlotText(graphics, null);
        }
        try {
            Font[] fonts = {
                new Font(Font.SANS_SERIF, Font.BOLD, (int) Math.round(17 * scale)),
                new Font(Font.SANS_SERIF, Font.PLAIN, (int) Math.round(14 * scale)),
                new Font(Font.SANS_SERIF, Font.PLAIN, (int) Math.round(12.5 * scale))
            };
            Graphics2D trial = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB).createGraphics();
            for (Font font : fonts) {
                trial.setFont(font);
                trial.drawString("0", 8, 40);
                trial.getFontMetrics().stringWidth("0");
            }
            trial.dispose();
            return new PlotText(graphics, fonts);
        } catch (OutOfMemoryError | StackOverflowError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            // Java throws all kinds where fontconfig or every font is missing, UnsatisfiedLinkError and
            // InternalError among them: a picture without text is better than none.
            return new PlotText(graphics, null);
        }
    }

    double width(Style style, String text) {
        return fonts == null
                ? 0
                : metrics(style).getStringBounds(text, graphics).getWidth();
    }

    double height(Style style) {
        return fonts == null ? 0 : metrics(style).getAscent() + metrics(style).getDescent();
    }

    /** Space between things, gone where there is no text to keep apart. */
    double gap(double pixels) {
        return fonts == null ? 0 : pixels;
    }

    /**
     * Draws a text.
     *
     * @param left left end
     * @param top upper end of its line
     */
    void draw(Style style, Color colour, String text, double left, double top) {
        if (fonts != null) {
            graphics.setFont(fonts[style.ordinal()]);
            graphics.setColor(colour);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.drawString(
                    text, (float) left, (float) (top + metrics(style).getAscent()));
        }
    }

    /**
     * Draws a text that reads upwards.
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

    /** The text, or its beginning and an ellipsis where it is longer than the space for it. */
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

    /** Turns {@code 2e-6} into 2 times 10 to the power of -6 as people write it, if the font has the signs. */
    String pretty(String label) {
        Matcher power = POWER_OF_TEN.matcher(label);
        if (fonts == null || !power.matches()) {
            return label;
        }
        StringBuilder text = new StringBuilder();
        if (!power.group(1).equals("1")) {
            text.append(power.group(1).equals("-1") ? "-" : power.group(1) + "×");
        }
        text.append("10").append(power.group(2).isEmpty() ? "" : "⁻");
        power.group(3).chars().forEach(digit -> text.append(RAISED_DIGITS.charAt(digit - '0')));
        return fonts[Style.TICK.ordinal()].canDisplayUpTo(text.toString()) < 0 ? text.toString() : label;
    }

    private FontMetrics metrics(Style style) {
        return graphics.getFontMetrics(fonts[style.ordinal()]);
    }
}
