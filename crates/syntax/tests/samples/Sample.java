package com.example.app;

import java.util.List;
import java.util.*;
import static org.junit.Assert.assertTrue;

/** Serves items. */
@RestController
@RequestMapping("/api")
public class Sample extends Base implements Keeper<String> {
    private static final int LIMIT = 3, OTHER = 4;
    @Value("${name}")
    protected String name;

    public Sample(String name) { this.name = name; }

    /** Gets one. */
    @GetMapping(value = "/{id}", produces = "text")
    public List<String> get(@PathVariable int id, boolean flag) throws Exception {
        if (id > 0 && flag || id < LIMIT) {
            return null;
        } else if (flag) {
            outer:
            for (String s : list) { while (true) { continue outer; } }
        } else {
            try (var in = open()) { get(id - 1, flag); } catch (RuntimeException e) { throw e; } finally { close(); }
        }
        switch (id) { case 1: case 2: break; default: break; }
        int x = switch (id) { case 1 -> 2; default -> 3; };
        Runnable r = () -> { if (flag) System.out.println("text"); };
        return flag ? new ArrayList<String>(id) : Collections.emptyList();
    }

    interface Inner { void open(String path); default int size() { return 1; } }
    enum Colour { RED, GREEN }
    record Point(int x, int y) {}
    @interface Marker { String value() default ""; }
    void packagePrivate() {}
}
