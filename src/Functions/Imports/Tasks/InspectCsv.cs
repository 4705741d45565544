using System.ComponentModel;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Imports.Tasks;

/// <summary>Finds out how a file is written: encoding, delimiter, header. Reads its start only. Safe to run twice.</summary>
[Description("Finds out how a CSV file is written: encoding, delimiter, header.")]
public sealed class InspectCsv(ImportSources sources) : ITask<ImportCsvArgs, InspectedFile>
{
    /// <inheritdoc/>
    public async Task<InspectedFile> RunAsync(ImportCsvArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        InvalidArgs.ThrowIfAny(sources.Check(args));
        var (head, size, eTag) = await ReadHeadAsync(args.Source, cancellationToken);
        var (layout, fault) = await CsvSniffer.SniffAsync(head, args, null);
        if (fault is not null)
        {
            throw fault.ToException();
        }

        using var source = await sources.OpenAsync(args.Source, eTag, cancellationToken);
        await using var utf8 = SourceEncodings.OpenUtf8(source.Content, layout.Encoding);
        (layout, fault) = await CsvHeader.ReadAsync(utf8, layout, ColumnSpec.Of(args), cancellationToken);
        return fault is null ? new InspectedFile(args, layout, eTag, size) : throw fault.ToException();
    }

    private async Task<(ReadOnlyMemory<byte> Head, long Size, string ETag)> ReadHeadAsync(
        string? source,
        CancellationToken cancellationToken)
    {
        using var blob = await sources.OpenAsync(source, null, cancellationToken);
        var head = new byte[ImportLimits.HeadBytes];
        var length = await blob.Content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        return (head.AsMemory(0, length), blob.Details.ContentLength, blob.Details.ETag.ToString());
    }
}
