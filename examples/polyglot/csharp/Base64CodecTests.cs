using System;
using System.Linq;
using System.Text;
using Xunit;

namespace Polyglot;

public class Base64CodecTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "Zg==")]
    [InlineData("fo", "Zm8=")]
    [InlineData("foo", "Zm9v")]
    [InlineData("foob", "Zm9vYg==")]
    [InlineData("fooba", "Zm9vYmE=")]
    [InlineData("foobar", "Zm9vYmFy")]
    [InlineData("Many hands make light work.", "TWFueSBoYW5kcyBtYWtlIGxpZ2h0IHdvcmsu")]
    public void EncodesAndDecodesKnownVectors(string plain, string encoded)
    {
        Assert.Equal(encoded, Base64Codec.Encode(Encoding.UTF8.GetBytes(plain)));
        Assert.Equal(plain, Encoding.UTF8.GetString(Base64Codec.Decode(encoded)));
    }

    [Fact]
    public void KeepsEveryByteValue()
    {
        var data = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        Assert.Equal(data, Base64Codec.Decode(Base64Codec.Encode(data)));
    }

    [Theory]
    [InlineData("Zg=")]
    [InlineData("Zg=a")]
    [InlineData("Zh==")]
    [InlineData("Z===")]
    [InlineData("Zm9*")]
    [InlineData("Zg==Zg==")]
    public void RefusesMalformedText(string text)
    {
        Assert.False(Base64Codec.TryDecode(text, out _, out var problem));
        Assert.False(string.IsNullOrEmpty(problem));
        Assert.Throws<FormatException>(() => Base64Codec.Decode(text));
    }
}
