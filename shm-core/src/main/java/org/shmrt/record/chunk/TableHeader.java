package org.shmrt.record.chunk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.header.Header;

/**
 * The columns of a table of frames: those that a chunk has, and those that are found in a file. Tables of other
 * programs may lack columns, which are read as 0. Immutable.
 */
public final class TableHeader {
    /** Name of the extension. */
    public static final String NAME = "TIMES";
    /** Index of the card with the number of rows. */
    static final int ROWS_CARD = 4;

    private static final String CNT0 = "CNT0";
    private static final String ACQUIRED = "ACQUIRED_NS";
    private static final Pattern FORM = Pattern.compile("([0-9]{0,9})([A-Z]).*");
    private static final int MAX_COLUMNS = 999;
    /** More than a table of numbers about frames has; thousands of rows are read together. */
    private static final int MAX_ROW_BYTES = 1 << 14;

    /** Types of columns. */
    private enum Form {
        /** 64 bits, stored less 2^63 in FITS. */
        UNSIGNED('K', Long.BYTES, "u8"),
        LONG('K', Long.BYTES, "i8"),
        INT('J', Integer.BYTES, "i4");

        private final char letter;
        private final int bytes;
        private final String npyCode;

        Form(char letter, int bytes, String npyCode) {
            this.letter = letter;
            this.bytes = bytes;
            this.npyCode = npyCode;
        }
    }

    private enum Column {
        CNT0(TableHeader.CNT0, Form.UNSIGNED, "", "count of the frame"),
        CNT1("CNT1", Form.UNSIGNED, "", "second counter"),
        FRAME_ID("FRAME_ID", Form.UNSIGNED, "", "id of the frame (cnt2)"),
        ACQUIRED_NS(ACQUIRED, Form.LONG, "ns", "when it was acquired, since 1970-01-01, UTC"),
        WRITTEN_NS("WRITTEN_NS", Form.LONG, "ns", "when it was written"),
        ARRIVED_NS("ARRIVED_NS", Form.LONG, "ns", "when the recorder found it"),
        LOST("LOST", Form.LONG, "", "frames missing before this one"),
        CAUSE("CAUSE", Form.INT, "", "bits: why they are missing");

        private final String title;
        private final Form form;
        private final String unit;
        private final String comment;

        Column(String title, Form form, String unit, String comment) {
            this.title = title;
            this.form = form;
            this.unit = unit;
            this.comment = comment;
        }
    }

    private static final int COLUMNS = Column.values().length;

    private final int[] offsets;
    private final char[] forms;
    private final boolean[] unsigned;
    private final int rowBytes;

    private TableHeader(int[] offsets, char[] forms, boolean[] unsigned, int rowBytes) {
        this.offsets = offsets;
        this.forms = forms;
        this.unsigned = unsigned;
        this.rowBytes = rowBytes;
    }

    /** The header of the table of a chunk. */
    static byte[] encode(long rows, String bootId) {
        CardWriter header = new CardWriter();
        header.add(FitsCard.of("XTENSION", "BINTABLE", "binary table"));
        header.add(FitsCard.of("BITPIX", 8, ""));
        header.add(FitsCard.of("NAXIS", 2, ""));
        header.add(FitsCard.of("NAXIS1", FrameRow.BYTES, "bytes a row"));
        header.add(rowsCard(rows));
        header.add(FitsCard.of("PCOUNT", 0, ""));
        header.add(FitsCard.of("GCOUNT", 1, ""));
        header.add(FitsCard.of("TFIELDS", COLUMNS, "columns"));
        for (Column column : Column.values()) {
            int number = column.ordinal() + 1;
            header.add(FitsCard.of("TTYPE" + number, column.title, column.comment));
            header.add(FitsCard.of("TFORM" + number, "1" + column.form.letter, ""));
            if (column.form == Form.UNSIGNED) {
                header.addInteger("TZERO" + number, Long.toUnsignedString(Long.MIN_VALUE), "unsigned 64-bit integer");
            }
            if (!column.unit.isEmpty()) {
                header.add(FitsCard.of("TUNIT" + number, column.unit, ""));
            }
        }
        header.add(FitsCard.of("EXTNAME", NAME, ""));
        header.add(FitsCard.of("BOOTID", bootId, "boot of the machine that recorded"));
        return header.end();
    }

    /** Size of the header of the table of a chunk. */
    static int bytes() {
        return Encoded.BYTES;
    }

    /** Known once it was encoded: every append needs it. */
    private static final class Encoded {
        static final int BYTES = encode(0, BootId.CURRENT).length;
    }

    /** The columns of the table that {@link #encode} describes. */
    static TableHeader ofChunk() {
        boolean[] unsigned = new boolean[COLUMNS];
        for (Column column : Column.values()) {
            unsigned[column.ordinal()] = column.form == Form.UNSIGNED;
        }
        return ofColumns(unsigned);
    }

    /** The columns of the table in an npy file, where all numbers are as they are. */
    static TableHeader ofNpy() {
        return ofColumns(new boolean[COLUMNS]);
    }

    private static TableHeader ofColumns(boolean[] unsigned) {
        int[] offsets = new int[COLUMNS];
        char[] forms = new char[COLUMNS];
        int offset = 0;
        for (Column column : Column.values()) {
            offsets[column.ordinal()] = offset;
            forms[column.ordinal()] = column.form.letter;
            offset += column.form.bytes;
        }
        return new TableHeader(offsets, forms, unsigned, offset);
    }

    /** The columns of the table of a chunk, as numpy writes the type of records. */
    static String npyDescriptor() {
        return Arrays.stream(Column.values())
                .map(column -> "('" + column.title + "', '>" + column.form.npyCode + "')")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** Whether a type of records is that of a recording. Earlier versions gave the counters a signed type. */
    static boolean isNpyDescriptor(String descriptor) {
        String current = npyDescriptor();
        return descriptor.equals(current)
                || descriptor.equals(current.replace(Form.UNSIGNED.npyCode, Form.LONG.npyCode));
    }

    /** Converts whole rows in place to the form of {@link #ofNpy}. */
    void toNpy(ByteBuffer rows) {
        for (int row = 0; row + rowBytes <= rows.limit(); row += rowBytes) {
            for (Column column : Column.values()) {
                int at = row + offsets[column.ordinal()];
                if (unsigned[column.ordinal()]) {
                    rows.putLong(at, rows.getLong(at) ^ Long.MIN_VALUE);
                }
            }
        }
    }

    static FitsCard rowsCard(long rows) {
        return FitsCard.of("NAXIS2", rows, "rows");
    }

    /** Whether an extension of a file is a table of frames. */
    static boolean isTable(Hdu hdu) {
        Header header = hdu.header();
        return hdu.kind() == Hdu.Kind.OTHER
                && header.text("XTENSION").filter("BINTABLE"::equals).isPresent()
                && header.text("EXTNAME").filter(NAME::equals).isPresent();
    }

    /** The columns of a table in a file. */
    static TableHeader of(Header header) {
        int[] offsets = new int[COLUMNS];
        char[] forms = new char[COLUMNS];
        boolean[] unsigned = new boolean[COLUMNS];
        Arrays.fill(offsets, -1);
        int fields = (int) header.integer("TFIELDS", 1, MAX_COLUMNS);
        int rowBytes = (int) header.integer("NAXIS1", 1, MAX_ROW_BYTES);
        long offset = 0;
        for (int field = 1; field <= fields; field++) {
            String form = header.text("TFORM" + field).orElse("").strip();
            Matcher matcher = FORM.matcher(form);
            if (!matcher.matches()) {
                throw header.damaged("TFORM" + field + " is '" + form + "', not the form of a column");
            }
            long repeat = matcher.group(1).isEmpty() ? 1 : Long.parseLong(matcher.group(1));
            char letter = matcher.group(2).charAt(0);
            String title = header.text("TTYPE" + field).orElse("").strip();
            for (Column column : Column.values()) {
                if (column.title.equals(title) && repeat == 1 && (letter == 'K' || letter == 'J')) {
                    offsets[column.ordinal()] = (int) offset;
                    forms[column.ordinal()] = letter;
                    unsigned[column.ordinal()] = header.numberOr("TZERO" + field, 0) != 0;
                }
            }
            offset += letter == 'X' ? (repeat + 7) / 8 : repeat * itemBytes(letter, header, field);
        }
        if (offset != rowBytes) {
            throw header.damaged("its columns have " + offset + " bytes, and its rows " + rowBytes);
        }
        return new TableHeader(offsets, forms, unsigned, rowBytes);
    }

    private static int itemBytes(char letter, Header header, int field) {
        return switch (letter) {
            case 'L', 'B', 'A' -> 1;
            case 'I' -> 2;
            case 'J', 'E' -> 4;
            case 'K', 'D', 'C', 'P' -> 8;
            case 'M', 'Q' -> 16;
            default -> throw header.damaged("TFORM" + field + " has the unknown type " + letter);
        };
    }

    int rowBytes() {
        return rowBytes;
    }

    /** Whether the table has the times of arrival. */
    boolean hasArrivals() {
        return offsets[Column.ARRIVED_NS.ordinal()] >= 0;
    }

    /** A row; without an arrival time its acquisition time stands for it. */
    FrameRow row(ByteBuffer rows, int index) {
        int at = index * rowBytes;
        long acquiredNs = value(rows, at, Column.ACQUIRED_NS);
        return new FrameRow(
                value(rows, at, Column.CNT0),
                value(rows, at, Column.CNT1),
                value(rows, at, Column.FRAME_ID),
                acquiredNs,
                value(rows, at, Column.WRITTEN_NS),
                hasArrivals() ? value(rows, at, Column.ARRIVED_NS) : acquiredNs,
                value(rows, at, Column.LOST),
                (int) value(rows, at, Column.CAUSE));
    }

    private long value(ByteBuffer rows, int at, Column column) {
        int offset = offsets[column.ordinal()];
        if (offset < 0) {
            return 0;
        }
        if (forms[column.ordinal()] == 'J') {
            return rows.getInt(at + offset);
        }
        long stored = rows.getLong(at + offset);
        // unsigned integers are stored less 2^63, by a convention of the standard
        return unsigned[column.ordinal()] ? stored ^ Long.MIN_VALUE : stored;
    }
}
