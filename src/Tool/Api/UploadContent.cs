using System.Net;
using System.Net.Http.Headers;

namespace Chard.Tool.Api;

/// <summary>A file as a body that is sent as it is read, and tells how far it is.</summary>
internal sealed class UploadContent : HttpContent
{
    private const int ChunkBytes = 128 * 1024;

    private readonly FileStream file;
    private readonly Action<long> sent;

    /// <param name="file">Read from its beginning; the caller's to dispose.</param>
    /// <param name="sent">Told the bytes sent so far.</param>
    public UploadContent(FileStream file, Action<long> sent)
    {
        this.file = file;
        this.sent = sent;
        Headers.ContentType = new MediaTypeHeaderValue("text/csv");
    }

    /// <summary>True once the whole file has been sent.</summary>
    public bool IsSent { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var chunk = new byte[ChunkBytes];
        file.Position = 0;
        long total = 0;
        for (int read; (read = await file.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            await stream.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
            total += read;
            sent(total);
        }

        IsSent = true;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = file.Length;
        return true;
    }
}
