using Chard.Functions.Imports.Rules;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Imports.Activities;

/// <summary>Finds out how a file is written: encoding, delimiter, header. Reads its start only. Safe to run twice.</summary>
public sealed class InspectCsv(ImportBlobs blobs)
{
    [Function(nameof(InspectCsv))]
    public async Task<InspectedFile> RunAsync([ActivityTrigger] ImportStep step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(step.Args.Source);
        var (head, size, eTag) = await ReadHeadAsync(step.Args.Source, cancellationToken);
        var (layout, fault) = await CsvSniffer.SniffAsync(head, step.Args, null);
        if (fault is not null)
        {
            throw ImportFailure.Of(fault);
        }

        using var source = await blobs.OpenSourceAsync(step.Args.Source, eTag, cancellationToken);
        await using var utf8 = SourceEncodings.OpenUtf8(source.Content, layout.Encoding);
        (layout, fault) = await CsvHeader.ReadAsync(utf8, layout, ColumnSpec.Of(step.Args), cancellationToken);
        if (fault is not null)
        {
            throw ImportFailure.Of(fault);
        }

        await blobs.WriteAsync(step.Id, "layout.json", new InspectedLayout(layout, eTag), cancellationToken);
        return new InspectedFile(size, layout.Encoding, layout.Delimiter, layout.Names.Count);
    }

    private async Task<(ReadOnlyMemory<byte> Head, long Size, string ETag)> ReadHeadAsync(
        string source,
        CancellationToken cancellationToken)
    {
        using var blob = await blobs.OpenSourceAsync(source, null, cancellationToken);
        var head = new byte[ImportLimits.HeadBytes];
        var length = await blob.Content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        return (head.AsMemory(0, length), blob.Details.ContentLength, blob.Details.ETag.ToString());
    }
}
