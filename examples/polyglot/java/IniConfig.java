import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Settings from an INI file. Values may refer to other settings as <code>${section.key}</code>;
 * references are resolved when a value is asked for.
 */
public final class IniConfig {

    private static final Pattern HEADER = Pattern.compile("\\[\\s*([^\\]]+?)\\s*]");
    private static final Pattern SETTING = Pattern.compile("([^=]+?)\\s*=\\s*(.*)");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]+)}");

    /** Raw values by qualified name, such as "server.port". */
    private final Map<String, String> settings = new LinkedHashMap<>();

    public static IniConfig parse(String source) {
        var config = new IniConfig();
        String section = "";
        int lineNumber = 0;
        for (String line : source.lines().map(String::strip).toList()) {
            lineNumber++;
            if (line.isEmpty() || line.startsWith(";") || line.startsWith("#")) continue;
            var header = HEADER.matcher(line);
            var setting = SETTING.matcher(line);
            if (header.matches()) {
                section = header.group(1) + ".";
            } else if (setting.matches()) {
                config.settings.put(section + setting.group(1), setting.group(2));
            } else {
                throw new IllegalArgumentException("line " + lineNumber + " is no setting: " + line);
            }
        }
        return config;
    }

    public Optional<String> find(String name) {
        return settings.containsKey(name) ? Optional.of(resolve(name, new ArrayDeque<>())) : Optional.empty();
    }

    public String get(String name) {
        return find(name).orElseThrow(() -> new NoSuchElementException("missing setting " + name));
    }

    public int getInt(String name, int fallback) {
        return find(name).map(Integer::parseInt).orElse(fallback);
    }

    public Map<String, String> rawSettings() {
        return Collections.unmodifiableMap(settings);
    }

    private String resolve(String name, Deque<String> trail) {
        if (trail.contains(name)) {
            throw new IllegalStateException("interpolation cycle through " + name + ": " + trail);
        }
        String raw = settings.get(name);
        if (raw == null) {
            throw new NoSuchElementException(trail.peekLast() + " refers to missing setting " + name);
        }
        trail.addLast(name);
        var expanded = new StringBuilder();
        var reference = REFERENCE.matcher(raw);
        while (reference.find()) {
            reference.appendReplacement(expanded, "");
            expanded.append(resolve(reference.group(1), trail));
        }
        reference.appendTail(expanded);
        trail.removeLast();
        return expanded.toString();
    }

    public static void main(String[] args) {
        IniConfig config = parse("""
            ; deployment of the weather archive
            [paths]
            root = /srv/archive
            logs = ${paths.root}/logs

            [server]
            host = ingest.local
            port = 8043
            url = http://${server.host}:${server.port}/v2

            [job]
            output = ${paths.logs}/nightly-${server.port}.txt
            """);
        config.rawSettings().keySet().forEach(name -> System.out.println(name + " -> " + config.get(name)));
        System.out.println("retries: " + config.getInt("job.retries", 3));
        try {
            parse("[loop]\na = ${loop.b}\nb = ${loop.a}").get("loop.a");
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }
}
