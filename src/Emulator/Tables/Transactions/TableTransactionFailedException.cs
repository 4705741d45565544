using System.Globalization;
using Chard.Emulator.Tables.Wire;

namespace Azure.Data.Tables;

/// <summary>A transaction was refused as a whole: nothing of it is stored.</summary>
public class TableTransactionFailedException : RequestFailedException
{
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(NotNull(requestFailedException).Status, requestFailedException.Message, requestFailedException.ErrorCode, requestFailedException.InnerException)
    {
        if (requestFailedException.Data[TableErrors.FailedActionIndex] is string index)
        {
            FailedTransactionActionIndex = int.Parse(index, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Which of the actions the service refused, from 0; null if it did not say.</summary>
    public int? FailedTransactionActionIndex { get; }

    private static RequestFailedException NotNull(RequestFailedException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception;
    }
}
