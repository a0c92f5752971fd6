package org.shmrt.cli.verb;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.array.ArrayType;
import org.shmrt.array.HeaderVersion;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.inspect.StreamDirectory;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Conversion of command line arguments to values; an argument that cannot be converted is wrong usage. */
public final class Converters {
    private Converters() {}

    /** Converts numbers, also those of primitive types, with messages that do not name Java's types. */
    public static void registerNumbers(CommandLine line) {
        ITypeConverter<Integer> integers = text -> (int) integer(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
        ITypeConverter<Long> longs = text -> integer(text, Long.MIN_VALUE, Long.MAX_VALUE);
        line.registerConverter(Integer.class, integers);
        line.registerConverter(int.class, integers);
        line.registerConverter(Long.class, longs);
        line.registerConverter(long.class, longs);
        line.registerConverter(Double.class, Converters::number);
        line.registerConverter(double.class, Converters::number);
    }

    private static long integer(String text, long min, long max) {
        try {
            BigInteger value = new BigInteger(text);
            if (value.compareTo(BigInteger.valueOf(max)) > 0) {
                throw new TypeConversionException("'" + text + "' is too large: the largest value is " + max);
            }
            if (value.compareTo(BigInteger.valueOf(min)) < 0) {
                throw new TypeConversionException("'" + text + "' is too small: the smallest value is " + min);
            }
            return value.longValue();
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not an integer");
        }
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a number");
        }
    }

    /** A converter that uses a parser of the library, whose message says what the parser accepts. */
    public abstract static class Parser<T> implements ITypeConverter<T> {
        private final Function<String, T> parser;

        protected Parser(Function<String, T> parser) {
            this.parser = parser;
        }

        @Override
        public final T convert(String text) {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** {@code 480x640}. */
    public static final class ToShape extends Parser<Shape> {
        public ToShape() {
            super(Shape::parse);
        }
    }

    /** {@code u16}, {@code uint16}. */
    public static final class ToDataType extends Parser<DataType> {
        public ToDataType() {
            super(DataType::parse);
        }
    }

    /** {@code f64}, {@code float64}, {@code U12}. */
    public static final class ToArrayType extends Parser<ArrayType> {
        public ToArrayType() {
            super(ArrayType::parse);
        }
    }

    /** {@code trailer-292}, {@code 548}. */
    public static final class ToArrayLayout extends Parser<HeaderVersion> {
        public ToArrayLayout() {
            super(HeaderVersion::parse);
        }
    }

    /** A path or a bare name. */
    public static final class ToStreamPath extends Parser<Path> {
        public ToStreamPath() {
            super(StreamDirectory::resolve);
        }
    }

    /** A path or a bare name of a stream that must exist. Only FITS files have sections in brackets. */
    public static final class ToExistingStream implements ITypeConverter<Path> {
        private static final Pattern SECTION = Pattern.compile("(.+?)(\\[[^\\]]*\\])+");

        @Override
        public Path convert(String text) {
            Path path = new ToStreamPath().convert(text);
            Matcher section = SECTION.matcher(text);
            if (section.matches() && !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new TypeConversionException("there is no stream '" + text
                        + "': brackets select a part of a FITS file; of a stream, show --slice K and read --slice K"
                        + " select a part of " + section.group(1));
            }
            return path;
        }
    }

    /** {@code 0660}, in octal. */
    public static final class ToPermissions implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            if (!text.matches("0?[0-7]{3}")) {
                throw new TypeConversionException(
                        "'" + text + "' is not a file mode: write three octal digits, for example 0660");
            }
            return Integer.valueOf(text, 8);
        }
    }

    /** {@code 4096}, {@code 64k}, {@code 16M}, {@code 1G}: powers of 1024. */
    public static final class ToByteCount implements ITypeConverter<Long> {
        private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,18})([kKMG]?)(i?B)?");

        @Override
        public Long convert(String text) {
            Matcher matcher = SYNTAX.matcher(text.strip());
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is not a number of bytes: write for example 4096, 64k, 16M or 1G");
            }
            int shift = switch (matcher.group(2)) {
                case "k", "K" -> 10;
                case "M" -> 20;
                case "G" -> 30;
                default -> 0;
            };
            try {
                return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
            } catch (ArithmeticException e) {
                throw new TypeConversionException(
                        "'" + text + "' is too large: a number of bytes must be less than 2^63");
            }
        }
    }

    /** {@code 2s}, {@code 500ms}, {@code 100us}; a bare number is in seconds. The value is in nanoseconds. */
    public static final class ToNanoseconds implements ITypeConverter<Long> {
        private static final Pattern SYNTAX = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|ms|s|min|m|h|)");
        private static final Pattern WITH_UNIT = Pattern.compile("[0-9.]+(ns|us|ms|s|min|m|h)");
        /** Leaves room for additions to a clock reading. */
        private static final double MAX_NS = Long.MAX_VALUE / 4.0;

        @Override
        public Long convert(String text) {
            Matcher matcher = SYNTAX.matcher(text.strip().toLowerCase(Locale.ROOT));
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is not a time: write a number and ns, us, ms, s, min or h, for example 500ms");
            }
            double unitNs = switch (matcher.group(2)) {
                case "ns" -> 1;
                case "us" -> 1e3;
                case "ms" -> 1e6;
                case "min", "m" -> 60e9;
                case "h" -> 3600e9;
                default -> 1e9;
            };
            return (long) Math.min(MAX_NS, Double.parseDouble(matcher.group(1)) * unitNs);
        }

        /** Whether a text is meant as a time with a unit, where it may also be something else. */
        public static boolean hasUnit(String text) {
            return WITH_UNIT.matcher(text).matches();
        }
    }
}
