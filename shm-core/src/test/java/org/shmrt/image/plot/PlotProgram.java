package org.shmrt.image.plot;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import org.shmrt.error.ShmException;

/** Draws one plot in a separate process and prints whether text could be drawn. */
final class PlotProgram {
    private PlotProgram() {}

    public static void main(String[] arguments) {
        try {
            plot().write(Path.of(arguments[0]));
            System.out.println(fontsFail() ? "fonts fail" : "fonts work");
        } catch (ShmException e) {
            System.out.println(e);
        }
    }

    static LinePlot plot() {
        return new LinePlot("A title", "x", "y").series("line", new double[] {1, 2, 3}, new double[] {1, 3, 2});
    }

    static boolean fontsFail() {
        try {
            Graphics2D graphics = new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB).createGraphics();
            graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
            graphics.drawString("0", 1, 8);
            return false;
        } catch (RuntimeException | Error e) {
            return true;
        }
    }
}
