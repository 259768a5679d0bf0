package dev.thrum.bench.explore.collection;

import dev.thrum.simulation.explore.Program;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/** A program whose outcome is the values of its fields, as far as they are numbers, texts, truth values, or arrays of them. */
interface Shown extends Program {
    @Override
    default String outcome() {
        StringBuilder text = new StringBuilder();
        for (Class<?> type = getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                Object value = read(field);
                if (value instanceof int[] numbers) {
                    text.append(Arrays.toString(numbers));
                } else if (value instanceof boolean[] flags) {
                    text.append(Arrays.toString(flags));
                } else if (value instanceof Number || value instanceof Boolean || value instanceof AtomicBoolean) {
                    text.append(value);
                }
                text.append(value == null ? "null," : ",");
            }
        }
        return text.toString();
    }

    private Object read(Field field) {
        try {
            field.setAccessible(true);
            return field.get(this);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
