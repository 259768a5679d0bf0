package dev.thrum.app;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Whole numbers with a least value, for picocli. */
sealed class Count implements ITypeConverter<Integer> {
    private final int least;

    private Count(int least) {
        this.least = least;
    }

    @Override
    public final Integer convert(String value) {
        if (value.matches("\\d{1,9}") && Integer.parseInt(value) >= least) {
            return Integer.valueOf(value);
        }
        throw new TypeConversionException(
                "expected a whole number from " + least + " to 999999999 but was \"" + value + "\"");
    }

    static final class FromZero extends Count {
        FromZero() {
            super(0);
        }
    }

    static final class FromOne extends Count {
        FromOne() {
            super(1);
        }
    }
}
