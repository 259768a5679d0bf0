package dev.thrum.app.count;

import dev.thrum.work.TaskResult;
import dev.thrum.work.WorkerPool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Counts files on a pool, in whatever order they end, and prints them in the order given.
 *
 * <p>Owned by the thread that runs the command.
 */
final class Counting {
    private final List<CountedFile> files;
    private final CountTable table;

    /** The results that wait for an earlier file, by their index. */
    private final Map<Integer, TaskResult<Counts>> early = new HashMap<>();

    private Counts total = Counts.NONE;
    private int printed;
    private int failed;

    Counting(List<CountedFile> files, CountTable table) {
        this.files = List.copyOf(files);
        this.table = table;
    }

    /** Returns whether all files were counted. */
    boolean run(WorkerPool pool) throws InterruptedException {
        for (TaskResult<Counts> result : pool.asCompleted(tasks())) {
            early.put(result.index(), result);
            while (early.containsKey(printed)) {
                print(early.remove(printed));
                printed++;
            }
        }
        if (files.size() > 1) {
            table.total(files.size() - failed, total);
        }
        return failed == 0;
    }

    /** The standard input can be read once; named again, it is empty. */
    private List<Callable<Counts>> tasks() {
        List<Callable<Counts>> tasks = new ArrayList<>();
        boolean isStandardInputRead = false;
        for (CountedFile file : files) {
            boolean isStandardInput = file.name().equals(CountedFile.STANDARD_INPUT);
            tasks.add(isStandardInput && isStandardInputRead ? () -> Counts.NONE : file);
            isStandardInputRead |= isStandardInput;
        }
        return tasks;
    }

    private void print(TaskResult<Counts> result) {
        String name = files.get(result.index()).name();
        switch (result) {
            case TaskResult.Success<Counts> counted -> {
                total = total.plus(counted.value());
                table.file(name, counted.value());
            }
            case TaskResult.Failure<Counts> failure -> {
                failed++;
                table.failure(name, CountedFile.failure(name, failure.cause()));
            }
        }
    }
}
