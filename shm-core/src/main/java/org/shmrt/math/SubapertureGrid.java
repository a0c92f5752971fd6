package org.shmrt.math;

/**
 * Where the subapertures of a Shack-Hartmann sensor are in its frames: squares of {@code size} pixels in rows and columns.
 * Immutable.
 */
public final class SubapertureGrid {
    /** Column sums of more lines would not fit an int. */
    private static final int MAX_SIZE = 256;

    private final int width;
    private final int height;
    private final int size;
    private final int pitch;
    private final int left;
    private final int top;
    private final int columns;
    private final int rows;
    private final boolean[] valid;
    private final int validCount;

    private SubapertureGrid(Builder builder) {
        this.width = builder.width;
        this.height = builder.height;
        this.size = builder.size;
        this.pitch = builder.pitch;
        this.left = builder.left;
        this.top = builder.top;
        this.columns = builder.columns;
        this.rows = builder.rows;
        this.valid = builder.valid;
        int count = 0;
        for (boolean one : valid) {
            count += one ? 1 : 0;
        }
        this.validCount = count;
    }

    /**
     * A grid that starts at the first pixel and has as many whole subapertures as the frame; all are valid.
     *
     * @param width pixels of a line, the fastest axis
     * @param height lines of a frame
     * @param size pixels of a subaperture in each direction, 2 to 256
     * @return the grid
     * @throws IllegalArgumentException if no subaperture fits into the frame
     */
    public static SubapertureGrid of(int width, int height, int size) {
        return builder(width, height, size).build();
    }

    /**
     * Starts a grid that is like the one of {@link #of} until settings change it.
     *
     * @param width pixels of a line, the fastest axis
     * @param height lines of a frame
     * @param size pixels of a subaperture in each direction, 2 to 256
     * @return the settings
     * @throws IllegalArgumentException if a value is not possible
     */
    public static Builder builder(int width, int height, int size) {
        return new Builder(width, height, size);
    }

    /** Settings of a grid. One thread at a time may use it. */
    public static final class Builder {
        private final int width;
        private final int height;
        private final int size;
        private int pitch;
        private int left;
        private int top;
        private int columns;
        private int rows;
        private boolean[] valid = {};

        private Builder(int width, int height, int size) {
            if (width < 1 || height < 1 || (long) width * height > 1 << 30) {
                throw new IllegalArgumentException("frames of " + width + " x " + height
                        + " pixels are not possible: both must be at least 1, and their product at most 2^30");
            }
            if (size < 2 || size > MAX_SIZE) {
                throw new IllegalArgumentException(
                        "subapertures of " + size + " pixels are not possible: use 2 to " + MAX_SIZE);
            }
            this.width = width;
            this.height = height;
            this.size = size;
            this.pitch = size;
        }

        /**
         * Sets the first pixel of the first subaperture; by default 0, 0.
         *
         * @param left its column
         * @param top its line
         * @return these settings
         */
        public Builder origin(int left, int top) {
            this.left = left;
            this.top = top;
            return this;
        }

        /**
         * Sets the distance of the subapertures in both directions; by default the size.
         *
         * @param pitch pixels from one to the next
         * @return these settings
         */
        public Builder pitch(int pitch) {
            this.pitch = pitch;
            return this;
        }

        /**
         * Sets the number of subapertures; by default as many as fit.
         *
         * @param columns in a row
         * @param rows number of rows
         * @return these settings
         */
        public Builder count(int columns, int rows) {
            this.columns = columns;
            this.rows = rows;
            return this;
        }

        /**
         * Sets which subapertures are used; by default all.
         *
         * @param valid one element for each subaperture, row by row; copied
         * @return these settings
         */
        public Builder valid(boolean[] valid) {
            this.valid = valid.clone();
            return this;
        }

        /**
         * The grid.
         *
         * @return the grid
         * @throws IllegalArgumentException if it does not fit into the frame, subapertures overlap, or none is valid
         */
        public SubapertureGrid build() {
            if (left < 0 || top < 0) {
                throw new IllegalArgumentException(
                        "the origin " + left + ", " + top + " is outside the frame: use 0 or more");
            }
            if (pitch < size) {
                throw new IllegalArgumentException("a pitch of " + pitch + " pixels is below the size of " + size
                        + ": subapertures must not overlap");
            }
            boolean isGiven = columns != 0 || rows != 0;
            columns = isGiven ? columns : fitting(width - left);
            rows = isGiven ? rows : fitting(height - top);
            long right = left + (long) pitch * (columns - 1) + size;
            long bottom = top + (long) pitch * (rows - 1) + size;
            if (columns < 1 || rows < 1 || right > width || bottom > height) {
                throw new IllegalArgumentException(columns + " x " + rows + " subapertures of " + size
                        + " pixels from pixel " + left + ", " + top + " do not fit into frames of " + width + " x "
                        + height
                        + " pixels");
            }
            if (valid.length == 0) {
                valid = new boolean[columns * rows];
                java.util.Arrays.fill(valid, true);
            }
            Vectors.requireLength("the mask of valid subapertures", valid.length, columns * rows);
            SubapertureGrid grid = new SubapertureGrid(this);
            if (grid.validCount == 0) {
                throw new IllegalArgumentException(
                        "no subaperture is valid: the mask must have at least one true element");
            }
            return grid;
        }

        private int fitting(int pixels) {
            return pixels < size ? 0 : (pixels - size) / pitch + 1;
        }
    }

    /** {@return pixels of a line of a frame} */
    public int width() {
        return width;
    }

    /** {@return lines of a frame} */
    public int height() {
        return height;
    }

    /** {@return pixels of a subaperture in each direction} */
    public int size() {
        return size;
    }

    /** {@return pixels from one subaperture to the next} */
    public int pitch() {
        return pitch;
    }

    /** {@return column of the first pixel} */
    public int left() {
        return left;
    }

    /** {@return line of the first pixel} */
    public int top() {
        return top;
    }

    /** {@return subapertures in a row} */
    public int columns() {
        return columns;
    }

    /** {@return rows of subapertures} */
    public int rows() {
        return rows;
    }

    /**
     * Whether a subaperture is used.
     *
     * @param column from 0
     * @param row from 0
     * @return true if it has slopes
     */
    public boolean isValid(int column, int row) {
        return valid[row * columns + column];
    }

    /** {@return how many subapertures are used} */
    public int validCount() {
        return validCount;
    }

    /** {@return the length of a vector of slopes: two for each valid subaperture} */
    public int slopeCount() {
        return 2 * validCount;
    }
}
