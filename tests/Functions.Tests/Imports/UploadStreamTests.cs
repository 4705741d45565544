using System.Security.Cryptography;
using System.Text;
using Chard.Functions.Imports;

namespace Chard.Functions.Tests.Imports;

public sealed class UploadStreamTests
{
    [Theory]
    [InlineData("abc", "defg", 7)]
    [InlineData("", "defg", 7)]
    [InlineData("abcdefg", "", 7)]
    public async Task Read_WithinTheLimit_GivesHeadThenRest(string head, string rest, long limit)
    {
        await using var stream = Open(head, rest, limit);
        using var all = new MemoryStream();

        await stream.CopyToAsync(all);

        Assert.Equal(head + rest, Encoding.ASCII.GetString(all.ToArray()));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(head + rest))), stream.Sha256);
    }

    [Fact]
    public async Task Read_PastTheLimit_Throws()
    {
        await using var stream = Open("abc", "defg", 6);

        await Assert.ThrowsAsync<UploadTooLargeException>(() => stream.CopyToAsync(Stream.Null));
    }

    private static UploadStream Open(string head, string rest, long limit) =>
        new(Encoding.ASCII.GetBytes(head), new MemoryStream(Encoding.ASCII.GetBytes(rest)), limit);
}
