using System.Collections.Concurrent;
using System.Threading.Channels;
using Chard.LocalHost.Worker.Protocol;
using Grpc.Core;
using Message = Chard.LocalHost.Worker.Protocol.StreamingMessage;

namespace Chard.LocalHost.Worker;

/// <summary>The stream to one worker: questions with their answers, invocations with their outcomes, logs.</summary>
internal sealed class WorkerChannel(WorkerLogs logs)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Message>> questions = new();
    private readonly ConcurrentDictionary<string, Invocation> invocations = new();
    private readonly Channel<Message> outbox = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string WorkerId { get; } = Guid.NewGuid().ToString();

    /// <summary>Done when the worker has called.</summary>
    public Task Opened => opened.Task;

    /// <summary>Done when nothing more is sent or heard.</summary>
    public Task Closed => closed.Task;

    /// <summary>Serves the stream until one side ends it.</summary>
    public async Task RunAsync(IAsyncStreamReader<Message> incoming, IServerStreamWriter<Message> outgoing, CancellationToken aborted)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        opened.TrySetResult();
        Task[] sides = [ReadAsync(incoming, end.Token), WriteAsync(outgoing, end.Token)];
        await Task.WhenAny([.. sides, closed.Task]);
        Close();
        await end.CancelAsync();
        await Task.WhenAll(sides).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async Task<Message> AskAsync(Message question, CancellationToken cancellation)
    {
        question.RequestId = Guid.NewGuid().ToString();
        var answer = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        questions[question.RequestId] = answer;
        Send(question);
        FailIfClosed(answer);
        try
        {
            return await answer.Task.WaitAsync(cancellation);
        }
        finally
        {
            questions.TryRemove(question.RequestId, out _);
        }
    }

    /// <summary>
    /// Runs a function and waits for its outcome, also after <paramref name="cancellation"/>, of which the worker is told.
    /// <see cref="WorkerLostException"/> when it cannot be known.
    /// </summary>
    public async Task<InvocationResponse> InvokeAsync(string function, InvocationRequest request, CancellationToken cancellation)
    {
        var invocation = new Invocation(function);
        invocations[request.InvocationId] = invocation;
        try
        {
            Send(new Message { InvocationRequest = request });
            FailIfClosed(invocation.Outcome);
            await using var told = cancellation.UnsafeRegister(
                _ => Send(new Message { InvocationCancel = new InvocationCancel { InvocationId = request.InvocationId } }), null);
            return await invocation.Outcome.Task;
        }
        finally
        {
            invocations.TryRemove(request.InvocationId, out _);
        }
    }

    public void Send(Message message) => outbox.Writer.TryWrite(message);

    /// <summary>Ends the stream. Whoever still waits gets a <see cref="WorkerLostException"/>.</summary>
    public void Close()
    {
        if (!closed.TrySetResult())
        {
            return;
        }

        outbox.Writer.TryComplete();
        foreach (var question in questions.Values)
        {
            FailIfClosed(question);
        }

        foreach (var invocation in invocations.Values)
        {
            FailIfClosed(invocation.Outcome);
        }
    }

    private void FailIfClosed<T>(TaskCompletionSource<T> waiting)
    {
        if (closed.Task.IsCompleted)
        {
            waiting.TrySetException(new WorkerLostException());
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<Message> incoming, CancellationToken cancellation)
    {
        while (await incoming.MoveNext(cancellation))
        {
            var message = incoming.Current;
            switch (message.ContentCase)
            {
                case Message.ContentOneofCase.InvocationResponse:
                    if (invocations.TryGetValue(message.InvocationResponse.InvocationId, out var invocation))
                    {
                        invocation.Outcome.TrySetResult(message.InvocationResponse);
                    }

                    break;
                case Message.ContentOneofCase.RpcLog:
                    invocations.TryGetValue(message.RpcLog.InvocationId, out var logged);
                    logs.Write(message.RpcLog, logged?.Function);
                    break;
                default:
                    if (questions.TryGetValue(message.RequestId, out var question))
                    {
                        question.TrySetResult(message);
                    }

                    break;
            }
        }
    }

    private async Task WriteAsync(IServerStreamWriter<Message> outgoing, CancellationToken cancellation)
    {
        // Messages that wait together go out together: a flush costs a system call.
        var buffered = new WriteOptions(WriteFlags.BufferHint);
        while (await outbox.Reader.WaitToReadAsync(cancellation))
        {
            while (outbox.Reader.TryRead(out var message))
            {
                outgoing.WriteOptions = outbox.Reader.TryPeek(out _) ? buffered : WriteOptions.Default;
                await outgoing.WriteAsync(message, cancellation);
            }
        }
    }

    private sealed record Invocation(string Function)
    {
        public TaskCompletionSource<InvocationResponse> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
