using Azure.Core;
using Chard.Emulator.Tables.Wire;

namespace Azure.Data.Tables;

public partial class TableClient
{
    private static RequestMethod Method(TableUpdateMode mode)
        => mode switch
        {
            TableUpdateMode.Merge => RequestMethod.Patch,
            TableUpdateMode.Replace => RequestMethod.Put,
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "An update is a Merge or a Replace."),
        };

    private static void AppendSelect(RequestUriBuilder uri, IEnumerable<string> select)
    {
        if (select is not null && string.Join(',', select) is { Length: > 0 } names)
        {
            uri.AppendQuery("$select", names, escapeValue: true);
        }
    }

    private string EntityPath(string partitionKey, string rowKey)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        return TableChannel.EntityPath(Name, partitionKey, rowKey);
    }
}
