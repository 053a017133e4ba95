import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Renders templates with {{placeholders}} and {{#each list}} blocks against nested maps. */
public final class TemplateEngine {

    private sealed interface Node permits Text, Placeholder, Each { }

    private record Text(String literal) implements Node { }

    private record Placeholder(String path) implements Node { }

    private record Each(String path, List<Node> body) implements Node { }

    private static final Pattern TAG = Pattern.compile("\\{\\{\\s*(#each\\s+|/each)?([@\\w.]*)\\s*}}");

    private final List<Node> nodes;

    private TemplateEngine(List<Node> nodes) {
        this.nodes = nodes;
    }

    public static TemplateEngine compile(String template) {
        Matcher tag = TAG.matcher(template);
        List<Node> nodes = new ArrayList<>();
        int end = parse(template, tag, 0, nodes, false);
        nodes.add(new Text(template.substring(end)));
        return new TemplateEngine(nodes);
    }

    private static int parse(String template, Matcher tag, int from, List<Node> into, boolean insideEach) {
        int position = from;
        while (tag.find()) {
            into.add(new Text(template.substring(position, tag.start())));
            position = tag.end();
            if (tag.group(1) == null) {
                into.add(new Placeholder(tag.group(2)));
            } else if (tag.group(1).startsWith("#")) {
                Each each = new Each(tag.group(2), new ArrayList<>());
                into.add(each);
                position = parse(template, tag, position, each.body(), true);
            } else if (insideEach) {
                return position;
            } else {
                throw new IllegalArgumentException("unexpected {{/each}} at index " + tag.start());
            }
        }
        if (insideEach) throw new IllegalArgumentException("missing {{/each}}");
        return position;
    }

    public String render(Map<String, ?> model) {
        StringBuilder out = new StringBuilder();
        render(nodes, new HashMap<>(model), out);
        return out.toString();
    }

    private static void render(List<Node> nodes, Map<String, Object> scope, StringBuilder out) {
        for (Node node : nodes) {
            if (node instanceof Text text) {
                out.append(text.literal());
            } else if (node instanceof Placeholder placeholder) {
                out.append(escape(String.valueOf(resolve(placeholder.path(), scope))));
            } else if (node instanceof Each e && resolve(e.path(), scope) instanceof Iterable<?> items) {
                int index = 0;
                for (Object item : items) {
                    Map<String, Object> inner = new HashMap<>(scope);
                    if (item instanceof Map<?, ?> fields) fields.forEach((k, v) -> inner.put("" + k, v));
                    inner.put("this", item);
                    inner.put("@index", ++index);
                    render(e.body(), inner, out);
                }
            }
        }
    }

    private static Object resolve(String path, Map<String, Object> scope) {
        Object value = scope;
        for (String name : path.split("\\.")) {
            if (!(value instanceof Map<?, ?> map) || !map.containsKey(name)) {
                throw new IllegalStateException("cannot resolve " + path);
            }
            value = map.get(name);
        }
        return value;
    }

    private static String escape(String raw) {
        return raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    public static void main(String[] args) {
        String letter = """
            Dear {{customer.name}},
            order {{orderId}} ships on {{shipDate}}:
            {{#each lines}}  {{@index}}. {{quantity}} x {{title}}{{#each tags}} <{{this}}>{{/each}}
            {{/each}}Thank you!
            """;
        System.out.print(compile(letter).render(Map.of(
            "customer", Map.of("name", "Ines & Co"), "orderId", "A-1047", "shipDate", "3 May",
            "lines", List.of(
                Map.of("quantity", 2, "title", "Copper kettle", "tags", List.of("kitchen", "gift")),
                Map.of("quantity", 1, "title", "Tea towel", "tags", List.of())))));
    }
}
