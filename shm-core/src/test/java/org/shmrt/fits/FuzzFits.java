package org.shmrt.fits;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.ByteSource;
import org.shmrt.fits.header.CardReader;
import org.shmrt.fits.header.CardWriter;
import org.shmrt.fits.header.Hdu;
import org.shmrt.fits.header.SequentialSource;
import org.shmrt.fits.pixel.Slice;
import org.shmrt.fuzz.FuzzCheck;
import org.shmrt.fuzz.FuzzMemory;
import org.shmrt.fuzz.FuzzTarget;
import org.shmrt.fuzz.Seeds;

/**
 * A FITS file, plain, gzipped or of compressed tiles, and a part of it. An input is the file; where its first byte is
 * {@code [}, the address up to a line end comes first.
 */
final class FuzzFits implements FuzzTarget {
    private static final int MOST_INPUT_BYTES = 9000;
    private static final String[] ADDRESSES = {"[0]", "[1]", "[SCI]", "[SCI,2][0:1,:]", "[:,1:3]", "[0][1,0:9]"};
    private static final MethodHandle FIND =
            FuzzMemory.method(FitsInput.class, "find", Hdu.class, ByteSource.class, FitsAddress.class);
    private static final MethodHandle INPUT =
            FuzzMemory.constructor(FitsInput.class, ByteSource.class, Hdu.class, Slice.class);

    private final String prefix;

    /** What the names of the files begin with that are the seeds. */
    FuzzFits(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> files = new ArrayList<>(Seeds.files("/golden/fits", prefix, MOST_INPUT_BYTES));
        if (prefix.isEmpty()) {
            files.addAll(Seeds.files("/golden/corrupt", "fits_", MOST_INPUT_BYTES));
        }
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            byte[] file = trimmed(files.get(i));
            seeds.add(file);
            if (i % 3 == 0) {
                byte[] address = (ADDRESSES[i / 3 % ADDRESSES.length] + "\n").getBytes(StandardCharsets.US_ASCII);
                byte[] both = Arrays.copyOf(address, address.length + file.length);
                System.arraycopy(file, 0, both, address.length, file.length);
                seeds.add(both);
            }
        }
        return seeds;
    }

    // The zeros that fill the last record of 2880 bytes may be left out.
    private static byte[] trimmed(byte[] file) {
        int end = file.length;
        while (end > file.length - 2800 && end > 1 && file[end - 1] == 0 && file[0] == 'S') {
            end--;
        }
        return Arrays.copyOf(file, Math.min(file.length, end + 80));
    }

    @Override
    public int mostInputBytes() {
        return MOST_INPUT_BYTES;
    }

    /** Compressed data may stand for ten thousand times as much, and each pixel of a tile takes 12 bytes more. */
    @Override
    public long mostBytes(int inputBytes) {
        return 40_000L * inputBytes + (1 << 20);
    }

    @Override
    public void use(byte[] input) {
        int from = 0;
        String address = "";
        if (input.length > 0 && input[0] == '[') {
            while (from < input.length && from < 100 && input[from] != '\n') {
                from++;
            }
            address = new String(input, 0, from, StandardCharsets.ISO_8859_1)
                    .replace('\0', '0')
                    .replace('\n', ' ');
            from = Math.min(input.length, from + 1);
        }
        FitsAddress parsed;
        try {
            parsed = FitsAddress.parse(Path.of("x.fits" + address));
        } catch (IllegalArgumentException e) {
            return;
        }
        read(source(Arrays.copyOfRange(input, from, input.length)), parsed);
    }

    private static void read(ByteSource source, FitsAddress address) {
        Hdu hdu = FuzzMemory.call(FIND, source, address);
        Slice slice = address.slice();
        try (FitsInput input = FuzzMemory.call(INPUT, source, hdu, slice)) {
            StreamCards.Selection cards = StreamCards.forStream(input.header().cards());
            FuzzCheck.tolerate(() -> write(input.header().cards()));
            cards.keywords().forEach(card -> {
                var _ = card.toString();
            });
            input.read();
        }
    }

    private static void write(List<FitsCard> cards) {
        CardWriter writer = new CardWriter();
        for (FitsCard card : cards) {
            try {
                writer.add(card);
            } catch (IllegalArgumentException e) {
                // a name and a value that do not fit a card
            }
        }
        CardReader.cards(writer.end(), 1);
    }

    private static ByteSource source(byte[] file) {
        if (file.length > 2 && file[0] == 0x1f && file[1] == (byte) 0x8b) {
            try {
                return new SequentialSource(
                        Path.of("x.fits.gz"), new GZIPInputStream(new ByteArrayInputStream(file)), file.length);
            } catch (IOException e) {
                throw new IncompatibleException("its gzip data is damaged: " + e.getMessage(), e);
            }
        }
        return new BytesSource(file);
    }

    /** A file in memory. */
    private static final class BytesSource extends ByteSource {
        private final byte[] file;

        BytesSource(byte[] file) {
            super(Path.of("x.fits"));
            this.file = file;
        }

        @Override
        public long byteSize() {
            return file.length;
        }

        @Override
        public long mostBytes() {
            return file.length;
        }

        @Override
        public boolean isRandomAccess() {
            return true;
        }

        @Override
        public long read(long offset, MemorySegment into) {
            long found = Math.max(0, Math.min(into.byteSize(), file.length - offset));
            MemorySegment.copy(
                    MemorySegment.ofArray(file),
                    ValueLayout.JAVA_BYTE,
                    Math.min(offset, file.length),
                    into,
                    ValueLayout.JAVA_BYTE,
                    0,
                    found);
            return found;
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
