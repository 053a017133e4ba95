import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Extracts the headings of a Markdown document and prints them as a linked table of contents. */
public final class MarkdownOutline {

    private static final Pattern ATX_HEADING = Pattern.compile(" {0,3}(#{1,6})\\s+(.+?)\\s*#*\\s*");
    private static final Pattern FENCE = Pattern.compile(" {0,3}(```|~~~).*");

    /** A heading with the anchor under which it can be reached. */
    public record Heading(int level, String title, String slug) {

        String toListItem(int topLevel) {
            return "  ".repeat(level - topLevel) + "* [" + title + "](#" + slug + ")";
        }
    }

    private final List<Heading> headings = new ArrayList<>();
    private final Map<String, Integer> slugCounts = new HashMap<>();

    public MarkdownOutline(List<String> lines) {
        String openFence = null;
        String paragraph = "";
        for (String line : lines) {
            Matcher fence = FENCE.matcher(line);
            if (fence.matches()) {
                if (openFence == null) {
                    openFence = fence.group(1);
                } else if (openFence.equals(fence.group(1))) {
                    openFence = null;
                }
                paragraph = "";
            } else if (openFence == null) {
                paragraph = scan(line, paragraph);
            }
        }
    }

    /** Handles a line outside of code and returns the text that a following underline would promote. */
    private String scan(String line, String paragraph) {
        Matcher atx = ATX_HEADING.matcher(line);
        if (atx.matches()) {
            add(atx.group(1).length(), atx.group(2));
            return "";
        }
        if (!paragraph.isBlank() && line.matches("=+|-+")) {
            add(line.startsWith("=") ? 1 : 2, paragraph.strip());
            return "";
        }
        return line;
    }

    private void add(int level, String title) {
        String base = slugify(title);
        int earlier = slugCounts.merge(base, 1, Integer::sum) - 1;
        headings.add(new Heading(level, title, earlier == 0 ? base : base + "-" + earlier));
    }

    static String slugify(String title) {
        return title.toLowerCase(Locale.ROOT)
            .replaceAll("[^\\p{L}\\p{N}]+", "-")
            .replaceAll("^-|-$", "");
    }

    public String tableOfContents() {
        int topLevel = headings.stream().mapToInt(Heading::level).min().orElse(1);
        StringBuilder toc = new StringBuilder();
        for (Heading heading : headings) {
            toc.append(heading.toListItem(topLevel)).append('\n');
        }
        return toc.toString();
    }

    public static void main(String[] args) throws IOException {
        List<String> lines = args.length > 0 ? Files.readAllLines(Path.of(args[0])) : """
            Field Guide
            ===========
            How to watch *birds*.

            ## Getting Started
            ### Install
            ```sh
            # not a heading, only a comment
            ```
            ## Usage & Tips
            ### Install ###
            ## FAQ
            """.lines().toList();
        System.out.print(new MarkdownOutline(lines).tableOfContents());
    }
}
