package org.shmrt.image.picture;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shmrt.image.colour.ColourMap;
import org.shmrt.image.colour.ColourScale;
import org.shmrt.image.colour.Limits;
import org.shmrt.image.colour.Stretch;
import org.shmrt.image.pixel.PixelStatistics;
import org.shmrt.image.pixel.PixelSummary;
import org.shmrt.image.plot.AnnotatedPicture;
import org.shmrt.image.plot.Annotation;
import org.shmrt.image.plot.ColourBar;
import org.shmrt.image.plot.Raster;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** A picture of an image, or of all slices of a cube. For one thread at a time. */
public final class FramePicture {
    /** A small image with annotations is enlarged to about this size. */
    private static final int READABLE_PX = 512;

    private static final int GAP_PX = 2;
    private static final byte GAP_GREY = 0x60;
    private static final double SHEET_ASPECT = 4.0 / 3;

    private final MemoryImage all;
    private final PictureStyle style;
    private final Colouring colouring;
    private final PixelStatistics statistics;
    private final long saturated;
    private final boolean hasChannels;
    private final List<MemoryImage> tiles;

    private FramePicture(MemoryImage all, boolean hasChannels, List<MemoryImage> tiles, PictureStyle style) {
        this.all = all;
        this.hasChannels = hasChannels;
        this.tiles = tiles;
        this.style = style;
        colouring = Colouring.of(all, hasChannels, style);
        statistics = PixelStatistics.of(all);
        saturated = colouring.saturated(all);
    }

    /**
     * The picture of an image.
     *
     * @throws IllegalArgumentException if it has no pixels, or other axes than a picture
     */
    public static FramePicture of(MemoryImage image, PictureStyle style) {
        MemoryImage picture = PictureShape.picture(image);
        return new FramePicture(picture, picture.shape().rank() == 3, List.of(picture), style);
    }

    /**
     * The slices of a cube, with the same limits, in rows from the top left.
     *
     * @throws IllegalArgumentException if it has no pixels, or fewer than three axes
     */
    public static FramePicture sheet(MemoryImage cube, PictureStyle style) {
        MemoryImage sequence = PictureShape.sequence(cube);
        List<MemoryImage> tiles = new ArrayList<>();
        for (int i = 0; i < sequence.shape().length(0); i++) {
            tiles.add(PictureShape.slice(sequence, i));
        }
        return new FramePicture(sequence, sequence.shape().rank() == 4, tiles, style);
    }

    /** Shape of the image: rows, columns, and channels if it has colours. Of a sheet, that of one slice. */
    public Shape shape() {
        return tiles.getFirst().shape();
    }

    /** Whether the image has colours of its own. */
    public boolean hasChannels() {
        return hasChannels;
    }

    /** Number of saturated elements. */
    public long saturated() {
        return saturated;
    }

    /** Statistics of all elements. */
    public PixelStatistics statistics() {
        return statistics;
    }

    /**
     * Writes the picture as PNG. The file appears when it is complete.
     *
     * @param scale width and height of an element, in pixels
     * @return a remark for the user in one line: the colours, the limits, and values with a colour of their own
     */
    public String write(Path png, int scale) {
        return remark(raster(scale).write(png, texts()));
    }

    /**
     * Writes the picture with a title, axes and a colour bar.
     *
     * @param scale width and height of an element, in pixels; 0 to enlarge a small image to a readable size
     * @param title title
     * @param unit quantity and unit of the values
     * @return a remark for the user in one line
     */
    public String writeAnnotated(Path png, int scale, String title, String unit) {
        int factor = scale > 0 ? scale : readable();
        Raster raster = raster(factor);
        Annotation annotation = new Annotation(
                title,
                tiles.size() == 1 ? factor : 0,
                bar(unit),
                marks(),
                tiles.size() == 1 ? List.of() : labels(factor));
        return remark(AnnotatedPicture.write(png, raster, annotation, texts()));
    }

    /** The picture. */
    public Raster raster(int scale) {
        return tiles.size() == 1 ? colouring.raster(tiles.getFirst()).enlarged(scale) : sheet(scale);
    }

    /**
     * The picture in another size. A smaller one shows the mean of several elements; if one of them is not finite or
     * saturated, it shows that. Not for sheets.
     */
    public Raster resized(int width, int height) {
        return colouring.raster(Resampling.of(tiles.getFirst(), width, height, style.saturation()));
    }

    /** Values of the first and the last colour. */
    public Limits.Range limits() {
        return colouring.scale().limits();
    }

    private int tileWidth(int scale) {
        return Math.multiplyExact(scale, (int) tiles.getFirst().shape().length(1));
    }

    private int tileHeight(int scale) {
        return Math.multiplyExact(scale, (int) tiles.getFirst().shape().length(0));
    }

    private int columns() {
        double wanted = Math.sqrt(tiles.size() * SHEET_ASPECT * tileHeight(1) / tileWidth(1));
        return Math.clamp(Math.round(wanted), 1, tiles.size());
    }

    private int lines() {
        return (tiles.size() + columns() - 1) / columns();
    }

    private int readable() {
        int longer = Math.max(tileWidth(1) * columns(), tileHeight(1) * lines());
        return Math.max(1, READABLE_PX / longer);
    }

    private Raster sheet(int scale) {
        int columns = columns();
        int width = tileWidth(scale) + GAP_PX;
        int height = tileHeight(scale) + GAP_PX;
        Raster.checkSize((long) width * columns - GAP_PX, (long) height * lines() - GAP_PX);
        List<Raster> rasters = tiles.stream()
                .map(tile -> colouring.raster(tile).enlarged(scale))
                .toList();
        byte[] tileRow = new byte[3 * (width - GAP_PX)];
        return new Raster(width * columns - GAP_PX, height * lines() - GAP_PX, (row, pixels) -> {
            Arrays.fill(pixels, GAP_GREY);
            if (row % height < height - GAP_PX) {
                for (int column = 0; column < columns; column++) {
                    int tile = row / height * columns + column;
                    if (tile < rasters.size()) {
                        rasters.get(tile).rows().fill(row % height, tileRow);
                        System.arraycopy(tileRow, 0, pixels, 3 * width * column, tileRow.length);
                    }
                }
            }
        });
    }

    private List<Annotation.Label> labels(int scale) {
        List<Annotation.Label> labels = new ArrayList<>();
        for (int i = 0; i < tiles.size(); i++) {
            labels.add(new Annotation.Label(
                    i % columns() * (tileWidth(scale) + GAP_PX),
                    i / columns() * (tileHeight(scale) + GAP_PX),
                    String.valueOf(i)));
        }
        return labels;
    }

    private Optional<ColourBar> bar(String unit) {
        if (hasChannels) {
            return Optional.empty();
        }
        ColourScale scale = colouring.scale();
        return Optional.of(new ColourBar(
                style.map().rgb(),
                scale.limits().low(),
                scale.limits().high(),
                style.stretch()::apply,
                unit
                        + (style.stretch() == Stretch.LINEAR
                                ? ""
                                : ", " + style.stretch().label())));
    }

    private List<Annotation.Mark> marks() {
        List<Annotation.Mark> marks = new ArrayList<>();
        if (statistics.notFinite() > 0) {
            marks.add(new Annotation.Mark(ColourMap.NOT_FINITE_RGB, "not finite: " + statistics.notFinite()));
        }
        if (saturated > 0) {
            marks.add(new Annotation.Mark(ColourMap.SATURATED_RGB, "saturated: " + saturated));
        }
        return marks;
    }

    private String range(String between) {
        return PixelSummary.number(colouring.scale().limits().low())
                + between
                + PixelSummary.number(colouring.scale().limits().high());
    }

    /** The text chunks of the file. */
    private Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(
                "Stretch",
                colouring.isUnchanged()
                        ? "none"
                        : style.stretch().label() + " " + range("..") + " of " + all.type()
                                + (all.type().isComplex() ? " magnitude" : ""));
        if (!hasChannels) {
            texts.put("Colour map", style.map().label());
        }
        return texts;
    }

    private String remark(Optional<String> ofFile) {
        StringBuilder remark = new StringBuilder();
        remark.append(hasChannels ? "colours" : style.map().label());
        if (!colouring.isUnchanged()) {
            remark.append(", ").append(style.stretch().label()).append(" from ").append(range(" to "));
        }
        if (tiles.size() > 1) {
            remark.append(", ").append(tiles.size()).append(" slices");
        }
        if (statistics.notFinite() > 0) {
            remark.append("; ").append(statistics.notFinite()).append(" values are not finite (magenta)");
        }
        if (saturated > 0) {
            remark.append("; ").append(saturated).append(" values are saturated (cyan)");
        }
        ofFile.ifPresent(text -> remark.append("; ").append(text));
        return remark.toString();
    }
}
