using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tests;
using Chard.Functions.Outgoing;
using Moq;

namespace Chard.Functions.Tests.Outgoing;

public sealed class DownloadFileTests
{
    private readonly MemoryPayloads _payloads = new();
    private readonly Mock<IFileDownloads> _downloads = new(MockBehavior.Strict);

    [Fact]
    public async Task RunAsync_File_IsStoredAsAPayloadOfTheWorkflow()
    {
        _downloads.Setup(d => d.CopyToAsync("https://files.example/a.csv", It.IsAny<Stream>(), It.IsAny<CancellationToken>()))
            .Returns(async (string _, Stream target, CancellationToken token) =>
            {
                await target.WriteAsync("a,b\n"u8.ToArray(), token);
                return 4L;
            });

        PayloadReference file = await new DownloadFile(_downloads.Object).RunAsync(
            new("https://files.example/a.csv"), TestContexts.Of("k", _payloads), default);

        Assert.Equal("wf/downloads/0/1.2", file.Blob);
        Assert.Equal("a,b\n", _payloads.Text(file));
    }

    [Fact]
    public async Task RunAsync_FileThatBreaksOff_FailsAsTheDownloadDid()
    {
        _downloads.Setup(d => d.CopyToAsync(It.IsAny<string>(), It.IsAny<Stream>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new TransientTaskException("connection-failed", "gone"));

        await Assert.ThrowsAsync<TransientTaskException>(
            () => new DownloadFile(_downloads.Object).RunAsync(
                new("https://files.example/a.csv"), TestContexts.Of("k", _payloads), default));
    }
}
