using System.Diagnostics;
using Chard.LocalHost.Http;
using Chard.LocalHost.Worker;
using Chard.LocalHost.Worker.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.WebJobs;

namespace Chard.LocalHost.Functions;

/// <summary>Runs functions in the worker, with what the WebJobs SDK has bound for them.</summary>
internal sealed class FunctionRunner(
    IReadOnlyList<FunctionDefinition> functions,
    IReadOnlyList<FunctionInfo> infos,
    IReadOnlyList<EmittedParameter[]> parameters,
    WorkerSupervisor workers,
    RunningWork running,
    HttpForwarding http,
    Func<FunctionInfo, IDisposable?>? onInvocation)
{
    public async Task<object?> RunAsync(int index, object?[] arguments)
    {
        var function = functions[index];
        var request = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            TraceContext = new RpcTraceContext
            {
                TraceParent = Activity.Current?.Id ?? string.Empty,
                TraceState = Activity.Current?.TraceStateString ?? string.Empty,
            },
        };
        var bound = Bind(function, request, parameters[index], arguments);
        using var entry = await running.EnterAsync(function, bound.Cancellation);
        using var held = onInvocation?.Invoke(infos[index]);
        var worker = await workers.Current.WaitAsync(bound.Cancellation);
        request.FunctionId = worker.FunctionId(function.Name);
        var response = bound.Http is null
            ? await worker.Channel.InvokeAsync(function.Name, request, bound.Cancellation)
            : await http.InvokeAsync(worker, function, request, bound.Http, bound.Cancellation);
        if (response.Result.Status != StatusResult.Types.Status.Success)
        {
            throw new FunctionFailedException(response.Result);
        }

        if (function.Outputs.Count > 0)
        {
            await OutputWriter.WriteAsync(function, response, bound.Binder!, bound.Cancellation);
        }

        return function.IsDurable ? response.ReturnValue.ToReturnValue() : null;
    }

    private static Bound Bind(FunctionDefinition function, InvocationRequest request, EmittedParameter[] parameters, object?[] arguments)
    {
        var bound = default(Bound);
        for (var place = 0; place < parameters.Length; place++)
        {
            var (name, role) = parameters[place];
            var value = arguments[place];
            switch (role)
            {
                case ParameterRole.Input:
                    request.InputData.Add(new ParameterBinding { Name = name, Data = value.ToTypedData() });
                    break;
                case ParameterRole.HttpContext:
                    bound.Http = (HttpContext)value!;
                    break;
                case ParameterRole.Metadatum:
                    request.TriggerMetadata[name] = value.ToTypedData();
                    break;
                case ParameterRole.Binder:
                    bound.Binder = (Binder)value!;
                    if (function.Kind == TriggerKind.Queue)
                    {
                        foreach (var (key, datum) in bound.Binder.BindingData)
                        {
                            request.TriggerMetadata[key] = datum.ToTypedData();
                        }
                    }

                    break;
                case ParameterRole.ExecutionContext:
                    request.RetryContext = Attempt(((Microsoft.Azure.WebJobs.ExecutionContext)value!).RetryContext);
                    break;
                default:
                    bound.Cancellation = (CancellationToken)value!;
                    break;
            }
        }

        return bound;
    }

    private static Worker.Protocol.RetryContext? Attempt(Microsoft.Azure.WebJobs.Host.RetryContext? retry) => retry is null
        ? null
        : new Worker.Protocol.RetryContext
        {
            RetryCount = retry.RetryCount,
            MaxRetryCount = retry.MaxRetryCount,
            Exception = retry.Exception is { } exception
                ? new RpcException { Message = exception.Message, Source = exception.Source ?? string.Empty }
                : null,
        };

    private struct Bound
    {
        public HttpContext? Http;
        public Binder? Binder;
        public CancellationToken Cancellation;
    }
}
