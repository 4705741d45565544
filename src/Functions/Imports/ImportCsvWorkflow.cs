using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Json;
using Chard.Functions.Imports.Rules;
using Chard.Platform;
using Chard.Starts;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Imports;

/// <summary>
/// Lets <c>ImportCsv</c> be started by name:
/// <c>{"workflow":"ImportCsv","args":{"source":"container/file.csv","table":"people"}}</c>.
/// </summary>
public sealed class ImportCsvWorkflow(IOptions<ImportOptions> options, StorageNames names) : IWorkflowDefinition
{
    private static readonly JsonSerializerOptions WithoutNulls =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private static readonly string[] Texts = ["source", "table", "columns", "delimiter", "encoding"];
    private const string Header = "header";
    private const string MaxErrors = "maxErrors";

    /// <inheritdoc/>
    public string Name => nameof(ImportCsvOrchestrator.ImportCsv);

    /// <summary>Arguments as the document of a start has them.</summary>
    public static JsonElement Write(ImportCsvArgs args) => JsonSerializer.SerializeToElement(args, WithoutNulls);

    /// <inheritdoc/>
    public IReadOnlyList<JsonFault> Validate(JsonElement args)
    {
        if (args.ValueKind != JsonValueKind.Object)
        {
            return [new JsonFault("", """The arguments are a JSON object such as {"source":"container/file.csv","table":"people"}.""")];
        }

        List<JsonFault> faults = [.. args.EnumerateObject().Select(Fault).OfType<JsonFault>()];
        return faults.Count > 0
            ? faults
            : ImportCsvArgsValidator.Validate(Read(args), [names.ImportContainer, .. options.Value.Sources]);
    }

    /// <inheritdoc/>
    public ValueTask<object> CreateInputAsync(StartIdentity start, JsonElement args, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        var read = Read(args);
        return ValueTask.FromResult<object>(
            new ImportCsvInput(
                start.Id, read with { Table = read.Table ?? TableNames.Of(start.Id) }, options.Value.Retry, options.Value.ChunksInFlight));
    }

    private static ImportCsvArgs Read(JsonElement args) => args.Deserialize<ImportCsvArgs>(WithoutNulls)!;

    private static JsonFault? Fault(JsonProperty argument)
    {
        var kind = argument.Name switch
        {
            Header => "true or false",
            MaxErrors => "a whole number",
            _ when Texts.Contains(argument.Name, StringComparer.Ordinal) => "a string",
            _ => null,
        };
        return (kind, argument.Value.ValueKind) switch
        {
            (null, _) => new JsonFault(
                "/" + JsonPointer.Escape(argument.Name),
                $"There is no argument '{argument.Name}'. There are: {string.Join(", ", Texts)}, {Header}, {MaxErrors}."),
            (_, JsonValueKind.Null) => null,
            ("a string", JsonValueKind.String) or ("true or false", JsonValueKind.True or JsonValueKind.False) => null,
            ("a whole number", JsonValueKind.Number) when argument.Value.TryGetInt32(out _) => null,
            _ => new JsonFault("/" + argument.Name, $"'{argument.Name}' is {kind}."),
        };
    }
}
