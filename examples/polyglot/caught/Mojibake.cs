namespace Polyglot;

// cafÃ(  broken bytes
class Mojibake { string S = "ÿÀ€"; int F(int x) { return x + 1; } }
